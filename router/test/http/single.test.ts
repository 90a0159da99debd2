import type { HttpEvent } from 'lpr-protocol';
import * as fc from 'fast-check';
import { createRouter, InvokeError } from 'lpr-router';
import type { InvokeAnswer, Invoker } from 'lpr-router';
import { describe, expect, onTestFinished, test } from 'vitest';
import { INVOKERS, startOverLambda } from '../contract/lambda.ts';
import { codeOf, STREAM } from '../contract/observe.ts';
import { exchange, get } from '../contract/raw-client.ts';
import { operation } from '../support/router.ts';

const SINGLE = { payloadFormat: 'single', maxBatchSize: 1, maxWaitMs: 0 };
const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response';

/** A router before a function that knows no batches. */
async function startSingle(answer: () => InvokeAnswer | Promise<InvokeAnswer>, lpr: object = {}) {
  const events: HttpEvent[] = [];
  const invoker: Invoker = {
    async invoke({ payload }) {
      events.push(JSON.parse(Buffer.from(payload).toString()) as HttpEvent);
      return answer();
    },
  };
  const paths = { '/a/{id}': { get: operation({ ...SINGLE, ...lpr }) } };
  const router = await createRouter({
    config: { ListenAddr: '127.0.0.1:0', Spec: { paths } },
    invoker,
    includeBatchSizeHeader: true,
  });
  onTestFinished(() => router.close());
  return { url: await router.listen(), router, events };
}

const buffered = (value: unknown): InvokeAnswer => ({
  type: 'buffered',
  bytes: Buffer.from(JSON.stringify(value)),
});

function streamed(chunks: readonly Uint8Array[], contentType?: string): InvokeAnswer {
  return { type: 'stream', chunks: each(chunks), contentType };
}

async function* each<T>(items: readonly T[]) {
  yield* items;
}

describe('a route of single payloads', () => {
  test('gives the function the plain item as its event', async () => {
    const { url, events } = await startSingle(() => buffered({ statusCode: 200 }));
    const response = await fetch(`${url}/a/7?x=1`);
    expect(response.headers.get('x-lpr-batch-size')).toBe('1');
    expect(events).toMatchObject([
      {
        version: '2.0',
        routeKey: 'GET /a/{id}',
        rawPath: '/a/7',
        rawQueryString: 'x=1',
        pathParameters: { id: '7' },
        requestContext: { requestId: expect.stringMatching(/^r-/) },
      },
    ]);
    expect(events[0]).not.toHaveProperty('batch');
  });

  test('sends a structured answer as it is', async () => {
    const { url } = await startSingle(() =>
      buffered({
        statusCode: '203',
        headers: { 'X-A': 1 },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      }),
    );
    const response = await fetch(`${url}/a/7`);
    expect([response.status, response.headers.get('x-a')]).toEqual([203, '1']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBeNull();
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  test.each([
    ['an object without a status', { hello: 'world' }, '{"hello":"world"}'],
    ['an empty object', {}, '{}'],
    ['an array', [1, { statusCode: 500 }], '[1,{"statusCode":500}]'],
    ['a string, unquoted', 'grüße', 'grüße'],
    ['a number', 42, '42'],
    ['false', false, 'false'],
    ['null', null, 'null'],
  ])('infers a 200 of JSON from %s', async (_, value, body) => {
    const { url } = await startSingle(() => buffered(value));
    const response = await fetch(`${url}/a/7`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json',
    ]);
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['a status that is none', buffered({ statusCode: 20 })],
    ['an illegal header', buffered({ statusCode: 200, headers: { 'a b': '1' } })],
    ['bad base64', buffered({ statusCode: 200, body: '?', isBase64Encoded: true })],
    ['no JSON', { type: 'buffered', bytes: Buffer.from('{') } as const],
    ['nothing', { type: 'buffered', bytes: new Uint8Array() } as const],
  ])('answers 502 for %s', async (_, answer) => {
    const { url } = await startSingle(() => answer);
    const response = await fetch(`${url}/a/7`);
    expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_BAD_RESPONSE']);
  });

  test.each([
    ['LPR_FUNCTION_ERROR', 502],
    ['LPR_THROTTLED', 503],
  ] as const)('answers a failed invocation (%s) like any other', async (code, status) => {
    const { url } = await startSingle(() => {
      throw new InvokeError(code, 'secret');
    });
    const response = await fetch(`${url}/a/7`);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });
});

describe('a streamed route of single payloads', () => {
  const head = { statusCode: 206, headers: { 'X-A': 'b' }, cookies: ['a=1'] };
  const whole = Buffer.concat([
    Buffer.from(JSON.stringify(head)),
    Buffer.alloc(8),
    Buffer.from('the body, \0\0\0\0\0\0\0\0 with zeros'),
  ]);

  test('reads head and body, wherever the stream is cut', async () => {
    let cuts: number[] = [];
    const { router } = await startSingle(() => {
      const at = [0, ...cuts, whole.length];
      const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      return streamed(chunks, HTTP_INTEGRATION);
    }, STREAM);
    const cut = fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cut, async (places) => {
        cuts = places.toSorted((one, other) => one - other);
        const response = await router.inject('/a/7');
        expect(response.statusCode).toBe(206);
        expect(response.headers).toMatchObject({ 'x-a': 'b', 'set-cookie': 'a=1' });
        expect(response.body).toBe('the body, \0\0\0\0\0\0\0\0 with zeros');
      }),
      { numRuns: 60 },
    );
  });

  test('takes a head without a status for 200, and an empty body', async () => {
    const bytes = Buffer.concat([Buffer.from('{}'), Buffer.alloc(8)]);
    const { url } = await startSingle(() => streamed([bytes], HTTP_INTEGRATION), STREAM);
    const response = await fetch(`${url}/a/7`);
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('streams what has a content type of its own under it', async () => {
    const chunks = [Buffer.from('<p>'), Buffer.from('</p>')];
    const { url } = await startSingle(() => streamed(chunks, 'text/html'), STREAM);
    const response = await fetch(`${url}/a/7`);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe('<p></p>');
  });

  test.each(['application/json', undefined])(
    'infers from JSON (%s) as a buffered one does',
    async (type) => {
      const chunks = [Buffer.from('{"statusCode":2'), Buffer.from('01,"body":"ok"}')];
      const { url } = await startSingle(() => streamed(chunks, type), STREAM);
      const response = await fetch(`${url}/a/7`);
      expect([response.status, await response.text()]).toEqual([201, 'ok']);
    },
  );

  test.each([
    ['no JSON', '{"statusCode":'],
    ['no object', '"text"'],
    ['an array', '[200]'],
    ['null', 'null'],
    ['a status that is none', '{"statusCode":1}'],
    ['an illegal header', '{"headers":{"a b":"1"}}'],
  ])('answers 502 for a head that is %s', async (_, prelude) => {
    const bytes = Buffer.concat([Buffer.from(prelude), Buffer.alloc(8), Buffer.from('body')]);
    const { url } = await startSingle(() => streamed([bytes], HTTP_INTEGRATION), STREAM);
    const response = await fetch(`${url}/a/7`);
    expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_BAD_RESPONSE']);
  });

  test.each([
    ['never ends', [Buffer.from('{"statusCode":200}')]],
    ['is larger than any head', [Buffer.alloc(1_100_000, '{')]],
    ['is not there', []],
  ])('answers 502 for a head that %s', async (_, chunks) => {
    const { url } = await startSingle(() => streamed(chunks, HTTP_INTEGRATION), STREAM);
    const response = await fetch(`${url}/a/7`);
    expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_BAD_RESPONSE']);
  });

  test('breaks visibly when the function fails after its head', async () => {
    async function* failing() {
      yield Buffer.concat([Buffer.from('{}'), Buffer.alloc(8), Buffer.from('begun')]);
      throw new InvokeError('LPR_FUNCTION_ERROR', 'broke');
    }
    const answer = () =>
      ({ type: 'stream', chunks: failing(), contentType: HTTP_INTEGRATION }) as const;
    const { url } = await startSingle(answer, STREAM);
    const { text } = await exchange(url, get('/a/7'));
    expect(text).toContain('begun');
    expect(text).not.toContain('\r\n0\r\n\r\n');
  });
});

describe.each(INVOKERS)('a single payload through the invoker `%s`', (invoker) => {
  test('is answered by a function that only echoes it', async () => {
    const { url, lambda } = await startOverLambda({ type: 'echo' }, invoker, SINGLE);
    const echoed = (await (await fetch(`${url}/a?x=1`)).json()) as HttpEvent;
    expect(echoed.rawQueryString).toBe('x=1');
    expect(lambda.received).toHaveLength(1);
  });

  test('fails with a function error', async () => {
    const script = {
      type: 'function_error',
      kind: 'Unhandled',
      payload: '{"errorMessage":"x"}',
    } as const;
    const { url } = await startOverLambda(script, invoker, SINGLE);
    const response = await fetch(`${url}/a`);
    expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_FUNCTION_ERROR']);
  });
});
