import { isBatchEvent, itemId } from 'lpr-protocol';
import type { AnswerRecord } from 'lpr-protocol';
import { differenceRows, differences, onlyWanted } from './differences.ts';
import type { Wanted } from './differences.ts';
import { foldHeaders } from './headers.ts';
import { idIn } from './item-of.ts';
import type { ItemOf } from './item-of.ts';
import { linesOf, recordOf, recordsOf, sequenceOf } from './record-list.ts';
import { badRow, otherRows, recordRow, viewOf } from './record-wording.ts';
import { toVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { count, table } from './wording.ts';

/** What may be asked of a record or frame; bodies are compared decoded. */
export interface WantedRecord {
  readonly id?: Wanted<string>;
  readonly type?: Wanted<AnswerRecord['type']>;
  readonly statusCode?: Wanted<number>;
  readonly headers?: Wanted<Readonly<Record<string, Wanted<string>>>>;
  readonly cookies?: Wanted<readonly Wanted<string>[]>;
  readonly body?: Wanted<string>;
  /** The body, parsed. */
  readonly json?: unknown;
  /** Of an `error` frame. */
  readonly message?: Wanted<string>;
}

/** Passes when text, bytes or a recorded stream are NDJSON of good records in a legal order (wire contract §2.2, §2.3). */
export function toBeValidNdjson(received: unknown): Verdict {
  const source =
    typeof received === 'object' && received !== null && 'bytes' in received
      ? received.bytes
      : received;
  const isStream = typeof source === 'string' || source instanceof Uint8Array;
  if (!isStream && isBuffered(source)) {
    return toVerdict({
      pass: false,
      expected: 'NDJSON, got a buffered answer, which is one JSON document',
      lines: () => [],
    });
  }
  const records = isStream ? linesOf(Buffer.from(source)) : recordsOf(received);
  const bad = records.filter(({ result }) => !result.ok);
  const misplaced = sequenceOf(records).filter(({ violation }) => violation !== undefined);
  const problems = bad.length + misplaced.length;
  return toVerdict({
    pass: problems === 0,
    expected: `NDJSON of good records in a legal order, got ${problems} of ${count(records.length, 'line')} bad`,
    notExpected: `no NDJSON of good records, got ${count(records.length, 'good line')}`,
    lines: () =>
      table([...bad.map((one) => badRow(one)), ...misplaced.map((one) => recordRow(one))]),
  });
}

function isBuffered(received: unknown): boolean {
  const isObject = typeof received === 'object' && received !== null;
  return isObject && ('answer' in received || 'responses' in received);
}

/** Passes when some record or frame of this item has these fields. */
export function toHaveRecordFor(
  received: unknown,
  item: ItemOf,
  expected: WantedRecord = {},
): Verdict {
  const id = idIn(received, item);
  const records = recordsOf(received);
  const sequenced = sequenceOf(records);
  const candidates = sequenced
    .filter(({ record }) => record.id === id)
    .map((one) => {
      const [got, wanted] = foldHeaders(viewOf(one.record), expected);
      const diff = { actual: onlyWanted(got, wanted), expected: wanted };
      return { ...one, found: differences(got, wanted), diff };
    })
    .toSorted((a, b) => a.found.length - b.found.length);
  const [closest] = candidates;
  const bad = records.filter(({ result }) => !result.ok && (result.id ?? id) === id);
  return toVerdict({
    pass: closest?.found.length === 0,
    expected: closest
      ? `a record for \`${id}\` with these fields`
      : `a record for \`${id}\`, got none`,
    notExpected: `no such record for \`${id}\``,
    lines: () => [
      ...table(differenceRows(closest?.found ?? [])),
      ...table([
        ...candidates.map((one) => recordRow(one)),
        ...bad.map((one) => badRow(one)),
        ...otherRows(id, sequenced),
      ]),
    ],
    diff: closest?.diff,
  });
}

/**
 * Passes when the answer has exactly one complete answer for each item of a batch, and none for another. The batch
 * is the event given, or the one that the subject was made from (`invokeBatch`, `invokeBatchStream`).
 */
export function toAnswerEveryItemOnce(received: unknown, event?: unknown): Verdict {
  const records = recordsOf(received);
  const sequenced = sequenceOf(records);
  const wanted = idsOf(event ?? eventOf(received));
  const last = new Map(sequenced.map(({ record, state }) => [record.id, state]));
  const bad = new Map(
    records.flatMap((one) => (!one.result.ok ? [[one.result.id, badRow(one)]] : [])),
  );
  const rows: string[][] = [];
  for (const id of wanted) {
    const problem = bad.get(id);
    if (problem) rows.push(['unusable', id, problem.at(-1) ?? '']);
    else if (!last.has(id)) rows.push(['missing', id]);
    else if (last.get(id) !== 'ended') rows.push(['without end', id]);
  }
  for (const one of sequenced) {
    const [place = '', id = '', type = '', content = ''] = recordRow(one);
    if (!wanted.includes(id)) rows.push(['unknown', id, `${place} ${type} ${content}`]);
    else if (one.violation) rows.push(['duplicate', id, `${place} ${type} ${content}`]);
  }
  const unreadable = bad.get(undefined);
  if (unreadable) rows.push(['unreadable', unreadable.join(' ')]);
  return toVerdict({
    pass: rows.length === 0,
    expected: `one answer for each of ${count(wanted.length, 'item')}`,
    notExpected: `not exactly one answer for each of ${count(wanted.length, 'item')}`,
    lines: () => table(rows),
  });
}

function eventOf(received: unknown): unknown {
  const hasEvent = typeof received === 'object' && received !== null && 'event' in received;
  return hasEvent ? received.event : undefined;
}

function idsOf(event: unknown): string[] {
  if (!isBatchEvent(event)) {
    throw new TypeError(
      'Expected the batch event that was answered: give it to the matcher, or expect this of what `invokeBatch` resolves to',
    );
  }
  return event.batch.flatMap((item) => itemId(item) ?? []);
}

/** Passes for a record or frame, as it travels or parsed, that has these fields. */
export function record(received: unknown, expected: WantedRecord = {}): Verdict {
  return judge(received, expected, 'record', () => true);
}

/** As `record`, of a frame: `head`, `chunk`, `end` or `error`. */
export function frame(received: unknown, expected: WantedRecord = {}): Verdict {
  return judge(received, expected, 'frame', ({ type }) => type !== 'response');
}

function judge(
  received: unknown,
  expected: WantedRecord,
  what: string,
  isOne: (record: AnswerRecord) => boolean,
): Verdict {
  const result = recordOf(received);
  const compared = result.ok ? foldHeaders(viewOf(result.record), expected) : undefined;
  const found = compared ? differences(...compared) : [];
  const isSound = result.ok && isOne(result.record);
  return toVerdict({
    pass: isSound && found.length === 0,
    expected:
      isSound || !result.ok ? `a ${what} with these fields` : `a ${what}, got a whole answer`,
    notExpected: `no ${what} with these fields`,
    lines: () =>
      result.ok
        ? [
            ...table(differenceRows(found)),
            ...table([recordRow(sequenceOf([{ place: 1, result }])[0]!).slice(1)]),
          ]
        : table([badRow({ place: 1, result }).slice(1)]),
    diff: compared && { actual: onlyWanted(...compared), expected: compared[1] },
  });
}
