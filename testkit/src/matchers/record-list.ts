import {
  advanceSequence,
  NdjsonDecoder,
  parseBufferedAnswer,
  parseRecord,
  parseResponseRecord,
} from 'lpr-protocol';
import type { AnswerRecord, RecordResult, SequenceState, SequenceViolation } from 'lpr-protocol';
import { describeSubject, show } from './wording.ts';

/** A record with its place: the line of a stream, or the element of a list or buffered answer, from 1. */
export interface PlacedRecord {
  readonly place: number;
  readonly result: RecordResult;
}

/**
 * NDJSON as text or bytes; a buffered answer as text, bytes or object; a list of records; what `invokeBatch` and
 * `invokeBatchStream` resolve to, or a recorded stream.
 */
export type RecordSubject =
  | string
  | Uint8Array
  | readonly unknown[]
  | { readonly responses: readonly unknown[] }
  | { readonly bytes: Uint8Array }
  | { readonly answer: unknown };

const LINE_FEED = 0x0a;

/** The records of a subject, in order; throws a TypeError when it cannot have any. */
export function recordsOf(subject: unknown): readonly PlacedRecord[] {
  if (typeof subject === 'string' || subject instanceof Uint8Array) {
    const bytes = Buffer.from(subject);
    const document = bufferedDocument(bytes);
    return document === undefined ? linesOf(bytes) : recordsOf(document);
  }
  if (Array.isArray(subject)) return placed(subject.map((value) => recordOf(value)));
  if (typeof subject === 'object' && subject !== null) {
    if ('responses' in subject) return documentRecords(subject);
    if ('bytes' in subject) return recordsOf(subject.bytes);
    if ('answer' in subject) return recordsOfAnswer(subject.answer);
  }
  throw new TypeError(
    `Expected NDJSON, a buffered answer, a list of records or what \`invokeBatch\` gives, got ${describeSubject(subject)}`,
  );
}

/** Of what a handler answered: most handlers that answer something else are not wrapped, or return nothing. */
function recordsOfAnswer(answer: unknown): readonly PlacedRecord[] {
  const isObject = typeof answer === 'object' && answer !== null;
  if (typeof answer === 'string' || Array.isArray(answer) || (isObject && 'responses' in answer)) {
    return recordsOf(answer);
  }
  throw new TypeError(
    `Expected a handler that answers a batch, as \`withBatchAdapter\` makes one, got the answer ${show(answer)}`,
  );
}

/** The records of an answer, in order, as a router reads them: the bad ones with what is wrong with them. */
export function readRecords(answer: RecordSubject): RecordResult[] {
  return recordsOf(answer).map(({ result }) => result);
}

/** One record as it travels, or as a parser gave it. */
export function recordOf(value: unknown): RecordResult {
  const isResponse = typeof value === 'object' && value !== null && 'type' in value;
  return isResponse && value.type === 'response' ? parseResponseRecord(value) : parseRecord(value);
}

/** The lines of NDJSON that are not blank, each judged by itself. */
export function linesOf(bytes: Uint8Array): PlacedRecord[] {
  const found: PlacedRecord[] = [];
  let start = 0;
  for (let place = 1; start < bytes.length; place += 1) {
    const newline = bytes.indexOf(LINE_FEED, start);
    const end = newline < 0 ? bytes.length : newline;
    const decoder = new NdjsonDecoder();
    for (const result of [...decoder.push(bytes.subarray(start, end)), ...decoder.end()]) {
      found.push({ place, result });
    }
    start = end + 1;
  }
  return found;
}

function bufferedDocument(bytes: Buffer): object | undefined {
  try {
    const document: unknown = JSON.parse(bytes.toString());
    const isDocument = typeof document === 'object' && document !== null && 'responses' in document;
    return isDocument ? document : undefined;
  } catch {
    return undefined;
  }
}

function documentRecords(document: object): PlacedRecord[] {
  const parsed = parseBufferedAnswer(document);
  if (parsed.ok) return placed(parsed.results);
  return placed([{ ok: false, id: undefined, kind: 'shape', problem: parsed.problem }]);
}

function placed(results: readonly RecordResult[]): PlacedRecord[] {
  return results.map((result, index) => ({ place: index + 1, result }));
}

/** A good record in its place, with what is wrong with the place. */
export interface SequencedRecord {
  readonly place: number;
  readonly record: AnswerRecord;
  /** Why a router drops it. */
  readonly violation: SequenceViolation | undefined;
  /** How far the answer has come with it. */
  readonly state: SequenceState;
}

/** The good records with their order judged, id by id (wire contract §3.3). */
export function sequenceOf(records: readonly PlacedRecord[]): SequencedRecord[] {
  const states = new Map<string, SequenceState>();
  const sequenced: SequencedRecord[] = [];
  for (const { place, result } of records) {
    if (!result.ok) continue;
    const { record } = result;
    const step = advanceSequence(states.get(record.id) ?? 'waiting', record.type);
    states.set(record.id, step.state);
    sequenced.push({ place, record, violation: step.violation, state: step.state });
  }
  return sequenced;
}
