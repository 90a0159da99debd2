import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseResponseRecord } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import { AdapterError } from '../src/errors.ts';
import { toRecord } from './support/records.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\nb', 'Zm8=', 'é', '\0', '\u{d800}'),
);
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('x-a', 'X-B', '__proto__') },
  { weight: 1, arbitrary: fc.constantFrom('a:b', 'a:', 'a\nb', 'a\n', '') },
  { weight: 1, arbitrary: text },
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constantFrom(null, undefined));
const anything = fc.oneof(scalar, fc.anything({ maxDepth: 1 }));

/** Mostly legal, so that both outcomes are common. */
const answer = fc.record(
  {
    statusCode: fc.oneof(
      fc.integer({ min: 198, max: 601 }),
      fc.constantFrom('200', 204.5, '0200', null),
    ),
    headers: mostly(fc.dictionary(name, scalar, { maxKeys: 2, noNullPrototype: false })),
    cookies: mostly(fc.array(text, { maxLength: 2 })),
    body: mostly(fc.oneof(text, fc.base64String(), fc.uint8Array())),
    isBase64Encoded: mostly(fc.boolean()),
  },
  { requiredKeys: ['statusCode'] },
);

function mostly<T>(legal: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: legal }, { weight: 1, arbitrary: anything });
}

/** The record, or `undefined` when the answer is refused as it should be. */
async function read(raw: object): Promise<ResponseRecord | undefined> {
  try {
    const record = await toRecord('a', raw);
    return { type: 'response', ...record, cookies: record.cookies ?? [] };
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'LPR_ILLEGAL_ANSWER') {
      return undefined;
    }
    throw error;
  }
}

it('sends exactly what the router then reads', async () => {
  const outcomes = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(answer, async (raw) => {
      const record = await read(raw);
      outcomes.add(record === undefined);
      const { type: _, ...wire } = record ?? { type: 'none' };
      expect(parseResponseRecord(JSON.parse(JSON.stringify(wire)))).toMatchObject({
        ok: record !== undefined,
        ...(record && { record }),
      });
    }),
    { numRuns: 500 },
  );
  expect(outcomes.size).toBe(2);
});

it('accepts a JSON answer exactly when the router does, and a body of texts besides', async () => {
  const outcomes = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(answer, async (raw) => {
      const wire = JSON.parse(JSON.stringify({ ...raw, id: 'a' }, numericBigInt)) as {
        body?: unknown;
      };
      fc.pre(!Array.isArray(wire.body));
      const parsed = parseResponseRecord(wire);
      outcomes.add(parsed.ok);
      expect(await read(wire)).toEqual(parsed.ok ? parsed.record : undefined);
    }),
    { numRuns: 500 },
  );
  expect(outcomes.size).toBe(2);
});

function numericBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
