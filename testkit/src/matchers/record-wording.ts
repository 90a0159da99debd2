import { decodeBody, formatProblem } from 'lpr-protocol';
import type { AnswerRecord, SequenceViolation } from 'lpr-protocol';
import { nearest } from 'lpr-router';
import type { PlacedRecord, SequencedRecord } from './record-list.ts';
import { quote } from './wording.ts';

/** Why a router drops a record that is well formed. */
export const VIOLATIONS: Readonly<Record<SequenceViolation, string>> = {
  second_answer: 'a second answer: this one was complete',
  after_end: 'after the end of this answer',
  second_head: 'a second head: the answer had begun (a chunk without a head implies 200)',
  mixed_kinds: 'a whole answer among frames: one id uses one kind',
};

/** A record as the columns of a table: place, id, type, what it carries, what is wrong with it. */
export function recordRow({ place, record, violation }: SequencedRecord): string[] {
  const wrong = violation === undefined ? '' : `← ${VIOLATIONS[violation]}`;
  return [`${place}.`, record.id, record.type, contentOf(record), wrong];
}

/** The records that are not of this id as such rows, those of the id most like it first. */
export function otherRows(id: string, records: readonly SequencedRecord[]): string[][] {
  const others = records.filter(({ record }) => record.id !== id);
  const ids = [...new Set(others.map(({ record }) => record.id))];
  const first = nearest(id, ids) ?? ids[0];
  const isFirst = ({ record }: SequencedRecord) => Number(record.id === first);
  return others.toSorted((a, b) => isFirst(b) - isFirst(a)).map((one) => recordRow(one));
}

/** A record that cannot be used, as the same columns. */
export function badRow({ place, result }: PlacedRecord): string[] {
  if (result.ok) return [];
  return [`${place}.`, result.id ?? '(no id)', result.kind, `← ${formatProblem(result.problem)}`];
}

function contentOf(record: AnswerRecord): string {
  switch (record.type) {
    case 'response':
      return `${record.statusCode} ${quote(textOf(record))}`;
    case 'head':
      return String(record.statusCode);
    case 'chunk':
      return quote(textOf(record));
    case 'end':
      return '';
    case 'error':
      return `${record.statusCode} ${quote(record.message)}`;
    default:
      return record satisfies never;
  }
}

/** The body as text; base64 stays when it is none. */
export function textOf(record: {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}): string {
  if (!record.isBase64Encoded) return record.body;
  const bytes = decodeBody(record.body, true);
  const text = bytes && Buffer.from(bytes).toString();
  return text !== undefined && Buffer.from(text).equals(bytes!) ? text : record.body;
}

/** A record as `Wanted` fields are compared with: bodies decoded, and parsed where they are JSON. */
export function viewOf(record: AnswerRecord): Readonly<Record<string, unknown>> {
  if (!('body' in record)) return { ...record };
  const body = textOf(record);
  try {
    return { ...record, body, json: JSON.parse(body) as unknown };
  } catch {
    return { ...record, body };
  }
}
