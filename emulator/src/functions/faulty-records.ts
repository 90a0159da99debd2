import type { Faults } from './faults.ts';

/** What becomes of a record: none, itself, or several. */
export type CorruptRecord = (record: object) => readonly object[];

/** Leaves out, doubles, precedes and spoils records at the rates of `faults`. */
export function recordCorrupter(faults: Faults, random: () => number): CorruptRecord {
  const { missingRate = 0, malformedRate = 0, unknownRate = 0, duplicateRate = 0 } = faults;
  let unknown = 0;
  return (record) => {
    // One draw for each kind, so that a rate changes nothing but its own kind.
    const [missing, malformed, stranger, twice] = [random(), random(), random(), random()];
    if (missing < missingRate) return [];
    if (malformed < malformedRate) {
      return [{ ...record, type: 'malformed', statusCode: 'malformed' }];
    }
    unknown += 1;
    return [
      ...(stranger < unknownRate ? [{ ...record, id: `unknown-${unknown}` }] : []),
      record,
      ...(twice < duplicateRate ? [record] : []),
    ];
  };
}

/** Corrupts the records of a buffered batch answer; any other answer stays as it is. */
export function corruptBuffered(bytes: Uint8Array, corrupt: CorruptRecord): Uint8Array {
  const answer = parse(Buffer.from(bytes).toString());
  if (answer === undefined || !('responses' in answer) || !Array.isArray(answer.responses)) {
    return bytes;
  }
  const responses: unknown[] = answer.responses;
  const corrupted = responses.flatMap((record) => (isObject(record) ? corrupt(record) : [record]));
  return Buffer.from(JSON.stringify({ ...answer, responses: corrupted }));
}

const NEWLINE = 0x0a;

/** Corrupts the records of a streamed batch answer, line by line; what is no record stays as it is. */
export async function* corruptStreamed(
  chunks: AsyncIterable<Uint8Array>,
  corrupt: CorruptRecord,
): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      const line = corruptLine(rest.subarray(0, end + 1), corrupt);
      rest = rest.subarray(end + 1);
      if (line.byteLength > 0) yield line;
    }
  }
  if (rest.byteLength > 0) yield corruptLine(rest, corrupt);
}

function corruptLine(line: Buffer, corrupt: CorruptRecord): Buffer {
  const record = parse(line.toString());
  if (record === undefined) return line;
  const records = corrupt(record).map((each) => `${JSON.stringify(each)}\n`);
  return Buffer.from(records.join(''));
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
