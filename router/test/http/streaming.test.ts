import { describe, expect, it } from 'vitest';
import { gate, operation, startRouter } from '../support/router.ts';

const paths = { '/a': { get: operation({ invokeMode: 'response_stream', maxBatchSize: 2 }) } };

const line = (value: object) => `${JSON.stringify(value)}\n`;

describe('streamed answers', () => {
  it('reach a fast client before its slow neighbour has one', async () => {
    const slow = gate();
    const { url, invoker } = await startRouter({
      paths,
      async *answer(event) {
        const ids = Object.fromEntries(
          event.batch.map((item) => [item.rawQueryString, item.requestContext.requestId]),
        );
        yield line({ v: 1, id: ids['fast'], statusCode: 200, body: 'fast' });
        await slow.opened;
        yield line({ v: 1, id: ids['slow'], statusCode: 200, body: 'slow' });
      },
    });
    const slowAnswer = fetch(`${url}/a?slow`);
    const fast = await fetch(`${url}/a?fast`);
    expect(await fast.text()).toBe('fast');
    slow.open();
    expect(await (await slowAnswer).text()).toBe('slow');
    expect(invoker.invocations).toHaveLength(1);
  });

  it('are forwarded frame by frame, without a content length', async () => {
    const rest = gate();
    const { url } = await startRouter({
      paths,
      async *answer(event) {
        const id = event.batch[0]!.requestContext.requestId;
        yield line({ v: 1, id, type: 'head', statusCode: 203, headers: { 'x-a': '1' } });
        yield line({ v: 1, id, type: 'chunk', body: 'one ' });
        await rest.opened;
        yield line({ v: 1, id, type: 'chunk', body: 'dHdv', isBase64Encoded: true });
        yield line({ v: 1, id, type: 'end' });
      },
    });
    const response = await fetch(`${url}/a`);
    expect([response.status, response.headers.get('x-a')]).toEqual([203, '1']);
    expect(response.headers.get('content-length')).toBeNull();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('one ');
    rest.open();
    expect((await reader.read()).value).toBe('two');
    expect((await reader.read()).done).toBe(true);
  });

  it.each([
    ['an error frame', (id: string) => line({ v: 1, id, type: 'error', message: 'broke' })],
    [
      'bad base64',
      (id: string) => line({ v: 1, id, type: 'chunk', body: '!', isBase64Encoded: true }),
    ],
    ['the end of the stream', () => ''],
  ])('break visibly when %s follows the head', async (_, ending) => {
    const { url } = await startRouter({
      paths,
      async *answer(event) {
        const id = event.batch[0]!.requestContext.requestId;
        yield line({ v: 1, id, type: 'chunk', body: 'received' });
        yield ending(id);
      },
    });
    const response = await fetch(`${url}/a`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('received');
    await expect(reader.read()).rejects.toThrow('terminated');
  });

  it('are the error body when an error frame comes before the head', async () => {
    const { url } = await startRouter({
      paths,
      async *answer(event) {
        const id = event.batch[0]!.requestContext.requestId;
        yield line({ v: 1, id, type: 'error', statusCode: 418, message: 'short and stout' });
      },
    });
    const response = await fetch(`${url}/a`);
    expect(response.status).toBe(418);
    expect(await response.json()).toMatchObject({
      code: 'LPR_FUNCTION_ERROR',
      message: 'short and stout',
    });
  });

  it('survive bad records of others, and of nobody', async () => {
    const { url } = await startRouter({
      paths,
      async *answer(event) {
        const [first, second] = event.batch.map((item) => item.requestContext.requestId);
        yield 'not json\n\r\n';
        yield line({ v: 1, id: 'r-nobody', statusCode: 200 });
        yield line({ v: 1, id: first, type: 'sparkle' });
        yield line({ v: 1, id: second, statusCode: 200, body: 'fine' });
        yield line({ v: 1, id: second, statusCode: 500, body: 'a second answer' });
      },
    });
    const responses = await Promise.all([fetch(`${url}/a`), fetch(`${url}/a`)]);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 502]);
  });

  it('of a function that knows no batches say so', async () => {
    const { url } = await startRouter({
      paths,
      async *answer() {
        yield '{"statusCode":200,"body":"hi"}';
      },
    });
    const response = await fetch(`${url}/a`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'LPR_NOT_BATCH_AWARE' });
  });
});
