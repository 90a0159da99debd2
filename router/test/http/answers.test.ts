import { answerBatch } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { InvokeError } from 'lpr-router';
import { fullBatches } from '../contract/observe.ts';
import { echo, operation, startRouter } from '../support/router.ts';

const four = async (url: string, path = '/a') =>
  Promise.all([1, 2, 3, 4].map((n) => fetch(`${url}${path}?n=${n}`)));

const body = async (response: Response) => (await response.json()) as Record<string, string>;

describe('buffered answers', () => {
  it('carry each client its own, from one invocation', async () => {
    const { url, invoker } = await startRouter({
      paths: fullBatches(4),
      includeBatchSizeHeader: true,
      answer: (event) => ({
        v: 1,
        responses: event.batch
          .map((item) => ({
            id: item.requestContext.requestId,
            statusCode: 201,
            headers: { 'X-N': item.queryStringParameters?.['n'] },
            cookies: ['a=1; Path=/', 'b=2'],
            body: `n=${item.queryStringParameters?.['n']}`,
          }))
          .toReversed(),
      }),
    });
    const responses = await four(url);
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(texts).toEqual(['n=1', 'n=2', 'n=3', 'n=4']);
    expect(invoker.invocations).toHaveLength(1);
    const [first] = responses;
    expect(first!.status).toBe(201);
    expect(first!.headers.get('x-n')).toBe('1');
    expect(first!.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(first!.headers.get('x-lpr-batch-size')).toBe('4');
    expect(first!.headers.get('content-type')).toBeNull();
    expect(first!.headers.get('content-length')).toBe('3');
  });

  it('decode base64 bodies to the bytes they stand for', async () => {
    const { url } = await startRouter({
      answer: (event) => ({
        v: 1,
        responses: [
          {
            id: event.batch[0]!.requestContext.requestId,
            statusCode: 200,
            body: Buffer.from([0, 255, 128]).toString('base64'),
            isBase64Encoded: true,
          },
        ],
      }),
    });
    const response = await fetch(`${url}/a`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128]);
  });

  it('that lack an id, or name an unknown one, cost that request a 502 and nobody else', async () => {
    const { url } = await startRouter({
      paths: fullBatches(4),
      answer: (event) => ({
        v: 1,
        responses: event.batch.map((item, index) => ({
          id: index === 1 ? 'r-somebody-else' : item.requestContext.requestId,
          statusCode: 200,
          body: 'ok',
        })),
      }),
    });
    const responses = await four(url);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 502]);
    const failed = responses.find(({ status }) => status === 502)!;
    expect(await body(failed)).toEqual({
      message: 'The function gave no answer to this request.',
      code: 'LPR_MISSING_RESPONSE',
      requestId: expect.stringMatching(/^r-[0-9a-f-]{36}$/),
    });
    expect(failed.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['a status that is none', { statusCode: 42 }],
    ['an illegal header', { statusCode: 200, headers: { 'x-a': 'a\nb' } }],
    ['bad base64', { statusCode: 200, body: '!', isBase64Encoded: true }],
  ])('with %s are a 502 for that request only', async (_, bad) => {
    const { url } = await startRouter({
      paths: fullBatches(4),
      answer: (event) => ({
        v: 1,
        responses: event.batch.map((item, index) => {
          const id = item.requestContext.requestId;
          return index === 0 ? { id, ...bad } : { id, statusCode: 200, body: 'ok' };
        }),
      }),
    });
    const responses = await four(url);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 502]);
    const failed = responses.find(({ status }) => status === 502)!;
    expect((await body(failed))['code']).toBe('LPR_BAD_RESPONSE');
  });

  it.each([
    ['an ordinary answer', { statusCode: 200, body: 'hi' }, 'LPR_NOT_BATCH_AWARE'],
    ['text that is no JSON', 'oops', 'LPR_BAD_RESPONSE'],
    ['a wrong version', { v: 2, responses: [] }, 'LPR_BAD_RESPONSE'],
  ])('that are %s fail the whole batch with a stable code', async (_, answer, code) => {
    const { url } = await startRouter({ answer: () => answer });
    const responses = await four(url);
    for (const response of responses) {
      expect(response.status).toBe(502);
      expect((await body(response))['code']).toBe(code);
    }
  });

  it.each([
    [new InvokeError('LPR_FUNCTION_ERROR', 'secret stack'), 502, 'LPR_FUNCTION_ERROR', null],
    [new InvokeError('LPR_THROTTLED', 'x', { retryAfterSeconds: 2 }), 503, 'LPR_THROTTLED', '2'],
    [new TypeError('secret'), 502, 'LPR_FUNCTION_UNREACHABLE', null],
  ])(
    'of a failed invocation (%s) tell a code and no secret',
    async (error, status, code, retry) => {
      const { url } = await startRouter({
        answer() {
          throw error;
        },
      });
      const response = await fetch(`${url}/a`);
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(JSON.parse(text).code).toBe(code);
      expect(text).not.toContain('secret');
      expect(response.headers.get('retry-after')).toBe(retry);
    },
  );

  it('have no body for HEAD, 204 and 304', async () => {
    const { url } = await startRouter({
      paths: { '/a': { head: operation() }, '/s/{status}': { get: operation() } },
      // The status is text, as it may be.
      answer: (event) => ({
        v: 1,
        responses: event.batch.map((item) => ({
          id: item.requestContext.requestId,
          statusCode: item.pathParameters?.['status'] ?? 200,
          body: 'body',
        })),
      }),
    });
    const head = await fetch(`${url}/a`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '4']);
    for (const status of [204, 304]) {
      const response = await fetch(`${url}/s/${status}`);
      expect([response.status, await response.text()]).toEqual([status, '']);
      expect(response.headers.get('content-length')).toBeNull();
    }
  });

  it('never let a function set what belongs to the connection', async () => {
    const { url } = await startRouter({
      answer: (event) =>
        answerBatch(event, {
          headers: {
            'Content-Length': '999',
            'Transfer-Encoding': 'chunked',
            Connection: 'close',
            'x-request-id': 'own',
          },
          body: 'four',
        }),
    });
    const response = await fetch(`${url}/a`);
    expect(await response.text()).toBe('four');
    expect(response.headers.get('content-length')).toBe('4');
    expect(response.headers.get('transfer-encoding')).toBeNull();
    expect(response.headers.get('connection')).not.toBe('close');
    expect(response.headers.get('x-request-id')).toBe('own');
  });
});

describe('x-request-id', () => {
  it("is the client's own when that is fit to be sent back, else a new one", async () => {
    const { url, invoker } = await startRouter({ answer: echo });
    const own = await fetch(`${url}/a`, { headers: { 'x-request-id': 'client-7' } });
    expect(own.headers.get('x-request-id')).toBe('client-7');
    const longest = '!'.padEnd(128, '~');
    const long = await fetch(`${url}/a`, { headers: { 'x-request-id': longest } });
    expect(long.headers.get('x-request-id')).toBe(longest);
    for (const value of ['two words', '', 'caf\u00e9', `${longest}!`]) {
      const unfit = await fetch(`${url}/a`, { headers: { 'x-request-id': value } });
      expect(unfit.headers.get('x-request-id')).toMatch(/^r-[0-9a-f-]{36}$/);
    }
    const ids = invoker.invocations.map(({ event }) => event.batch[0]!.requestContext.requestId);
    expect(ids[0]).toMatch(/^r-[0-9a-f-]{36}$/);
  });
});
