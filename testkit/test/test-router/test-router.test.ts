import { withBatchAdapter, withBatchAdapterStream } from 'lpr-lambda-adapter';
import type { BatchEvent } from 'lpr-protocol';
import { InvokeError } from 'lpr-router';
import { answerBatch, createTestRouter } from 'lpr-testkit';
import type { TestHandler, TestRouterOptions } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const echo = withBatchAdapter(async ({ rawPath, body }) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  cookies: ['a=b', 'c=d'],
  body: body ?? rawPath,
}));

const routes = (rules: object = {}, handler: TestHandler = echo): TestRouterOptions => ({
  routes: { '/{name}': { get: { handler, ...rules }, post: { handler, ...rules } } },
});

describe('test router', () => {
  it('answers a request once its window has passed', async () => {
    await using router = createTestRouter(routes({ maxWaitMs: 50 }));
    const answer = router.request('/ada?x=1');
    await router.advance(49);
    expect(router).toHaveBatches(0);
    await router.advance(1);
    expect(router).toHaveBatched([['GET /ada?x=1']]);
    expect(router).toHaveReleasedBecause('window');
    expect(router.batches[0]).toMatchObject({ waitMs: 50, route: '/{name}', mode: 'buffered' });
    expect(await answer).toMatchObject({
      id: router.batches[0]?.items[0]?.requestContext.requestId,
      status: 200,
      headers: { 'content-type': 'text/plain' },
      cookies: ['a=b', 'c=d'],
      body: '/ada',
    });
  });

  it('waits for every request made before it moves the time on', async () => {
    await using router = createTestRouter(routes());
    const bodies = ['a', 'bc', 'x'.repeat(100_000)];
    const answers = bodies.map((body) => router.request({ method: 'POST', path: '/a', body }));
    await router.advance(20);
    expect(router).toHaveBatched([3]);
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(bodies);
    expect(router.batches[0]?.event).toBeValidBatchPayload();
  });

  it('releases a full batch without any time', async () => {
    await using router = createTestRouter(routes({ maxBatchSize: 2 }));
    await Promise.all([router.request('/a'), router.request('/b')]);
    expect(router).toHaveReleasedBecause('full');
    expect(router.clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  it('releases what is open, however long the window', async () => {
    await using router = createTestRouter(routes({ maxWaitMs: 1500 }));
    const answer = router.request('/a');
    await router.release();
    expect(router).toHaveBatches(1);
    expect((await answer).status).toBe(200);
  });

  it('goes on until every request has its answer, sleeping handlers included', async () => {
    const slow = withBatchAdapter(async ({ rawPath }) => {
      await router.sleep(300);
      return { statusCode: 200, body: rawPath };
    });
    await using router = createTestRouter(routes({}, slow));
    const answers = [router.request('/a'), router.request('/b')];
    await router.idle();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['/a', '/b']);
    expect(router.clock.now() - Date.UTC(2026, 0, 1)).toBe(320);
    expect(router.invocations).toMatchObject([{ functionName: 'get-name', state: 'answered' }]);
  });

  it('times a request out by its own clock', async () => {
    await using router = createTestRouter(routes({ timeoutMs: 400 }, () => new Promise(() => {})));
    const answer = router.request('/a');
    await router.advance(400);
    expect(await answer).toMatchObject({ status: 504 });
    expect((await answer).json()).toMatchObject({ code: 'LPR_DEADLINE_EXCEEDED' });
  });

  it('gives a handler deadlines that are as far off by its own clock', async () => {
    const leftMs: number[] = [];
    const handler = withBatchAdapter((_event, { item, signal, getRemainingTimeInMillis }) => {
      leftMs.push(item!.deadlineMs! - Date.now(), getRemainingTimeInMillis());
      return { statusCode: signal!.aborted ? 500 : 200 };
    });
    await using router = createTestRouter(routes({ timeoutMs: 60_000 }, handler));
    const answer = router.request('/a');
    await router.idle();
    expect((await answer).status).toBe(200);
    expect(router.batches[0]?.items[0]?.requestContext.lpr.deadlineMs).toBe(
      Date.UTC(2026, 0, 1) + 60_000,
    );
    for (const left of leftMs) expect(left).toSatisfy((ms: number) => ms > 0 && ms <= 59_980);
  });

  it('streams what a streaming handler writes', async () => {
    const handler = withBatchAdapterStream(async ({ rawPath }) => ({
      statusCode: 200,
      body: (async function* () {
        yield rawPath;
        await router.sleep(10);
        yield '!';
      })(),
    }));
    await using router = createTestRouter({ routes: { '/{n}': { get: { handler } } } });
    const answers = [router.request('/a'), router.request('/b')];
    await router.idle();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['/a!', '/b!']);
    expect(router.batches[0]?.mode).toBe('response_stream');
  });

  it('takes a manifest with handlers by function name', async () => {
    const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';
    const lpr = { maxWaitMs: 5, maxBatchSize: 2, payloadFormat: 'single' };
    await using router = createTestRouter({
      config: { Spec: { paths: { '/a': { get: { 'x-target-lambda': lambda, 'x-lpr': lpr } } } } },
      handlers: { hello: () => ({ statusCode: 201, body: 'made' }) },
    });
    const answer = router.request('/a');
    await router.idle();
    expect(await answer).toMatchObject({ status: 201, body: 'made' });
    expect(router).toHaveBatched([['/a']]);
  });

  it('calls the handler of each route, however alike their paths are', async () => {
    const saying = (body: string) => (event: BatchEvent) => answerBatch(event, { body });
    const long = `/${'x'.repeat(80)}`;
    await using router = createTestRouter({
      routes: {
        '/a/{b}': { get: { handler: saying('any') } },
        '/a/b': { get: { handler: saying('one') } },
        '/a-b': { get: {} },
        [`${long}/1`]: { get: { handler: saying('first') } },
        [`${long}/2`]: { get: { handler: saying('second') } },
      },
    });
    const paths = ['/a/x', '/a/b', `${long}/1`, `${long}/2`];
    const answers = paths.map((path) => router.request(path));
    await router.idle();
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(bodies).toEqual(['any', 'one', 'first', 'second']);
    const names = router.invocations.map(({ functionName }) => functionName);
    expect(names.slice(0, 2)).toEqual(['get-a-b', 'get-a-b-2']);
    expect(new Set(names).size).toBe(4);
    expect(Math.max(...names.map(({ length }) => length))).toBe(64);
  });

  it('keeps what a handler threw', async () => {
    const error = new TypeError('boom');
    const failing = () => Promise.reject(error);
    await using router = createTestRouter(routes({}, failing));
    const answer = router.request('/a');
    await router.idle();
    expect((await answer).status).toBe(502);
    expect(router.invocations).toMatchObject([{ state: 'failed' }]);
    expect(router.invocations[0]?.error).toBe(error);
  });

  it('lets a handler play a failure of the invocation', async () => {
    const throttled = () => {
      throw new InvokeError('LPR_THROTTLED', 'too many', { retryAfterSeconds: 3 });
    };
    await using router = createTestRouter(routes({}, throttled));
    const answer = router.request('/a');
    await router.idle();
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
  });

  it('rejects a request whose streamed answer breaks', async () => {
    const handler = withBatchAdapterStream(
      async () => ({
        statusCode: 200,
        body: (async function* () {
          yield 'a';
          throw new Error('boom');
        })(),
      }),
      { onError: () => {} },
    );
    await using router = createTestRouter({ routes: { '/a': { get: { handler } } } });
    const answer = router.request('/a');
    await router.idle();
    await expect(answer).rejects.toThrow('The answer to `GET /a` was broken off after its head');
  });

  it('lets a client leave, whose item is then not invoked', async () => {
    await using router = createTestRouter(routes({ maxWaitMs: 50 }));
    const client = new AbortController();
    const left = router.request({ path: '/a', signal: client.signal });
    const answer = router.request('/b');
    await router.advance(10);
    client.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await router.advance(40);
    expect(router).toHaveBatched([['/b']]);
    expect((await answer).body).toBe('/b');
  });

  it('aborts the invocation when the last client has left', async () => {
    await using router = createTestRouter(routes({}, () => new Promise(() => {})));
    const client = new AbortController();
    const left = router.request({ path: '/a', signal: client.signal });
    await router.advance(20);
    expect(router.invocations).toMatchObject([{ state: 'running' }]);
    client.abort();
    await expect(left).rejects.toThrow('aborted');
    await router.idle();
    expect(router.invocations).toMatchObject([{ state: 'failed' }]);
  });

  it('says what is wrong with its routes', async () => {
    const router = createTestRouter(routes({ maxWaitMs: -1 }));
    await expect(router.request('/a')).rejects.toThrow('maxWaitMs');
    await expect(router[Symbol.asyncDispose]()).rejects.toThrow('maxWaitMs');
  });
});
