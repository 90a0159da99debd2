import { withBatchAdapter } from 'lpr-lambda-adapter';
import type { BatchEvent } from 'lpr-protocol';
import { answerBatch, assertBatchSafe, httpEvent } from 'lpr-testkit';
import { describe, expect, it, vi } from 'vitest';
import { CLEAN } from './clean-handlers.ts';
import { LEAKS } from './leaky-handlers.ts';

const EVENTS = ['/a', '/b', '/ccc'];

const messageOf = (leak: (typeof LEAKS)[number]) =>
  assertBatchSafe(leak.subject, EVENTS, leak.options).then(
    () => 'nothing found',
    (error: Error) => error.message,
  );

describe('assertBatchSafe', () => {
  it.each(LEAKS)('finds $name', async (leak) => {
    expect(await messageOf(leak)).toContain(
      'Expected the same alone and in a batch, got a difference in a batch of',
    );
  });

  it.each(CLEAN)('raises no alarm for $name', async ({ handler, options }) => {
    expect(await assertBatchSafe(handler, EVENTS, options)).toBeUndefined();
  });

  it('names the guilty pair, the place and both values', async () => {
    const [variable, logger] = LEAKS;
    expect(await messageOf(variable!)).toMatchInlineSnapshot(`
      "Expected the same alone and in a batch, got a difference in a batch of \`GET /a\`, \`GET /b\`
        \`GET /a\`  body  alone "/a",  batched "/b""
    `);
    expect(await messageOf(logger!)).toMatchInlineSnapshot(`
      "Expected the same alone and in a batch, got a difference in a batch of \`GET /a\`, \`GET /b\`
        \`GET /a\`  log lines with its id  alone \`1\` (number),  batched \`0\` (number)
        \`GET /b\`  log lines with its id  alone \`1\` (number),  batched \`2\` (number)"
    `);
    expect(await messageOf(LEAKS.at(-1)!)).toMatchInlineSnapshot(`
      "Expected the same alone and in a batch, got a difference in a batch of \`GET /a\`, \`GET /b\`
          module state  alone "{\\"transactions\\":2}",  batched "{\\"transactions\\":1}""
    `);
  });

  it('shrinks what needs more than two events to those it needs', async () => {
    let size = 0;
    const handler = async (event: { batch: { requestContext: { requestId: string } }[] }) => {
      size = event.batch.length;
      return {
        v: 1,
        responses: event.batch.map(({ requestContext: { requestId: id } }) => ({
          id,
          statusCode: size > 2 ? 500 : 200,
        })),
      };
    };
    await expect(assertBatchSafe(handler, ['/a', '/b', '/c', '/d', '/e'])).rejects.toThrow(
      /a batch of `GET \/\w`, `GET \/\w`, `GET \/\w`\n/,
    );
  });

  it("tells the log lines of some that run at a time apart, and prints what is nobody's", async () => {
    using print = vi.spyOn(console, 'info').mockImplementation(() => {});
    const clean = CLEAN.filter(({ options }) => !options).map(({ handler }) => handler);
    const logger = LEAKS[1]!;
    const running = Promise.allSettled([
      ...clean.map((handler) => assertBatchSafe(handler, EVENTS)),
      assertBatchSafe(logger.subject, EVENTS),
    ]);
    // oxlint-disable-next-line no-console -- it is to come through
    console.info('of the test');
    const outcomes = (await running).map(({ status }) => status);
    expect(outcomes).toEqual([...clean.map(() => 'fulfilled'), 'rejected']);
    expect(print.mock.calls).toEqual([['of the test']]);
  });

  it('keeps no logger waiting that wants to know when its line was written', async () => {
    const handler = withBatchAdapter(async ({ rawPath }) => {
      await new Promise<void>((resolve) => process.stdout.write(`${rawPath}\n`, () => resolve()));
      return rawPath;
    });
    expect(await assertBatchSafe(handler, EVENTS)).toBeUndefined();
  });

  it('finds a handler that fails a batch, but no event alone', async () => {
    const handler = (event: BatchEvent) => {
      if (event.batch.length > 1) throw new Error('too many');
      return answerBatch(event);
    };
    await expect(assertBatchSafe(handler, EVENTS)).rejects.toThrow(
      /a batch of `GET \/a`, `GET \/b`\n.*batched "failed: Error: too many"/,
    );
    const failing = () => Promise.reject(new Error('boom'));
    await expect(assertBatchSafe(failing, EVENTS)).rejects.toThrow(/^boom$/);
  });

  it('says what it cannot run', async () => {
    const wrong = { handler: CLEAN[0]!.handler } as never;
    await expect(assertBatchSafe(wrong, EVENTS)).rejects.toThrow(
      'Expected a batch handler, or `{ create }` that makes one, got object',
    );
    const nothing = { create: () => undefined as never };
    await expect(assertBatchSafe(nothing, EVENTS)).rejects.toThrow(
      'Expected a handler, got undefined',
    );
    const twins = [httpEvent({ path: '/a' }), httpEvent({ path: '/b' })];
    await expect(assertBatchSafe(CLEAN[0]!.handler, twins)).rejects.toThrow('ids of their own');
  });

  it('wants two events, and leaves the console as it was', async () => {
    const before = { ...console };
    await expect(assertBatchSafe(() => ({}), ['/a'])).rejects.toThrow('at least two events, got 1');
    await assertBatchSafe(CLEAN[3]!.handler, EVENTS);
    expect({ ...console }).toEqual(before);
  });
});
