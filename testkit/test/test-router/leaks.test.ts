import { setTimeout } from 'node:timers/promises';
import type { BatchEvent } from 'lpr-protocol';
import { createTestRouter, endRecord, headRecord, ndjson, responseRecord } from 'lpr-testkit';
import type { TestHandler, TestRouter } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { throwAll } from '../../src/test-router/leaks.ts';

const withHandler = (handler?: TestHandler, rules: object = {}) =>
  createTestRouter({ routes: { '/a': { get: handler ? { handler, ...rules } : rules } } });

/** The message with which disposal fails. */
async function remains(router: TestRouter): Promise<string> {
  return router[Symbol.asyncDispose]().then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

describe('disposal of a test router', () => {
  it('finds nothing where nothing was left', async () => {
    expect(await remains(withHandler(() => ({ v: 1, responses: [] })))).toBe('nothing');
  });

  it('fails for an invocation that nobody expected, as its request does', async () => {
    const router = withHandler();
    const answer = router.request('/a');
    await router.idle();
    const message = 'Expected no invocation of `get-a`, which has no handler (there are: none)';
    await expect(answer).rejects.toThrow(message);
    expect(await remains(router)).toBe(message);
  });

  it('fails for an open batch, with the requests in it', async () => {
    const router = withHandler(() => ({ v: 1, responses: [] }));
    void router.request('/a?x=1');
    expect(await remains(router)).toMatchInlineSnapshot(`
      "Expected nothing to be left when the router was disposed, got
        an open batch with \`GET /a?x=1\`: let its window pass with \`advance\`, \`release\` or \`idle\`"
    `);
  });

  it('fails for a request that still waits for its function', async () => {
    const router = withHandler(() => new Promise(() => {}));
    void router.request('/a');
    await router.advance(20);
    expect(await remains(router)).toMatchInlineSnapshot(`
      "Expected nothing to be left when the router was disposed, got
        requests without an answer: \`GET /a\`
        an invocation that runs: \`get-a\`"
    `);
  });

  it('fails for a stream that has not ended', async () => {
    const handler = async function* () {
      yield '';
      await new Promise(() => {});
    };
    const router = withHandler(handler, { invokeMode: 'response_stream' });
    void router.request('/a');
    await router.advance(20);
    expect(await remains(router)).toMatchInlineSnapshot(`
      "Expected nothing to be left when the router was disposed, got
        requests without an answer: \`GET /a\`
        a stream that has not ended: \`get-a\`"
    `);
  });

  it('fails for a timer that nobody cancelled', async () => {
    const router = withHandler();
    router.clock.setTimer(1e9, () => {});
    expect(await remains(router)).toMatchInlineSnapshot(`
      "Expected nothing to be left when the router was disposed, got
        timers that nobody cancelled: 1"
    `);
  });
});

describe('a test that fails and leaves something, too', () => {
  it('has both reach the runner, what has failed first', async () => {
    const failing = async () => {
      await using router = withHandler(() => ({ v: 1, responses: [] }));
      void router.request('/a');
      throw new Error('of the test');
    };
    const thrown = await failing().then(
      () => undefined,
      (reason: unknown) => reason as SuppressedError & Error,
    );
    expect(thrown).toMatchObject({
      name: 'SuppressedError',
      suppressed: { message: 'of the test' },
      error: { message: expect.stringContaining('an open batch with `GET /a`') },
    });
    // Before Node.js 24 it is the compiler's, with fields that runners print.
    expect(thrown?.cause).toBe('SuppressedError' in globalThis ? thrown?.suppressed : undefined);
  });

  it('fails once for several routers, with all that was left', () => {
    const [one, two] = [new Error('one'), new Error('two')];
    expect(() => throwAll([])).not.toThrow();
    expect(() => throwAll([one])).toThrow(one);
    expect(() => throwAll([one, two])).toThrow(new AggregateError([one, two], 'one\ntwo'));
  });
});

describe('idle', () => {
  it('names the request and the invocation of a handler that hangs', async () => {
    const router = withHandler(() => new Promise(() => {}));
    void router.request('/a?x=1');
    const error: unknown = await router.idle({ patienceMs: 5 }).catch((reason: unknown) => reason);
    expect((error as Error).message).toMatchInlineSnapshot(`
      "Expected every request and every invocation to end; nothing happened for 5 ms, and these are open:
        requests without an answer: \`GET /a?x=1\`
        an invocation that runs: \`get-a\`"
    `);
    // Else `await using` would hide this message in a `SuppressedError`.
    expect(await remains(router)).toBe('nothing');
  });

  it('names the stream that goes on after its request was answered', async () => {
    const handler = async function* (event: BatchEvent) {
      yield ndjson(event.batch.map((item) => responseRecord(item)));
      await new Promise(() => {});
    };
    const router = withHandler(handler, { invokeMode: 'response_stream' });
    const answer = router.request('/a');
    const error: unknown = await router.idle({ patienceMs: 5 }).catch((reason: unknown) => reason);
    expect(await answer).toMatchObject({ status: 200 });
    expect((error as Error).message).toMatchInlineSnapshot(`
      "Expected every request and every invocation to end; nothing happened for 5 ms, and these are open:
        a stream that has not ended: \`get-a\`"
    `);
    expect(await remains(router)).toBe('nothing');
  });

  it('is patient with a handler that waits for something real, as long as something happens', async () => {
    const router = withHandler(
      async function* (event: BatchEvent) {
        for (const item of event.batch) yield ndjson([headRecord(item)]);
        for (let turn = 0; turn < 5; turn += 1) {
          await setTimeout(20);
          yield '\n';
        }
        for (const item of event.batch) yield ndjson([endRecord(item)]);
      },
      { invokeMode: 'response_stream' },
    );
    const answer = router.request('/a');
    await router.idle({ patienceMs: 90 });
    expect((await answer).status).toBe(200);
    expect(await remains(router)).toBe('nothing');
  });
});
