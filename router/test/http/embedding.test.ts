import { request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { ObservedRequest } from 'lpr-router';
import { operation, startRouter } from '../support/router.ts';

/** A route that would take every path. */
const paths = { '/{rest+}': { 'x-amazon-apigateway-any-method': operation({ maxWaitMs: 0 }) } };

const mount = {
  path: '/__admin',
  handle: (_request: unknown, response: ServerResponse) => void response.end('mine'),
};

/** Sends a request line as it is, which `fetch` would not. */
async function send(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, (response) => resolve(text(response)));
    sent.once('error', reject).end();
  });
}

test('a mount takes its path and all below it, and nothing else', async () => {
  const { url, router, invoker } = await startRouter({ paths, mount });
  for (const path of ['/__admin', '/__admin?x=1', '/__admin/', '/__admin/a/b', `${url}/__admin`]) {
    expect(await send(url, path), path).toBe('mine');
  }
  expect((await router.inject({ url: '/__admin/a', method: 'POST', payload: 'x' })).body).toBe(
    'mine',
  );
  expect(invoker.invocations).toEqual([]);
  for (const path of ['/__administrator', '/x/__admin', '/__ADMIN']) {
    expect(await send(url, path)).toBe(path);
  }
});

/** An observer, and what it has seen of each request and its answer. */
function observing() {
  const seen: { id: string; target: string | undefined; sent: string[] }[] = [];
  const observe = ({ requestId: id, request }: ObservedRequest) => {
    const sent: string[] = [];
    seen.push({ id, target: request.url, sent });
    return {
      head: (status: number, headers: readonly string[]) =>
        void sent.push(`${status} ${headers[headers.indexOf('content-type') + 1]}`),
      body: (chunk: Uint8Array | string) => void sent.push(Buffer.from(chunk).toString()),
    };
  };
  return { seen, observe };
}

test('whoever asks is told of each request, with the id that its batch item has, and of its answer', async () => {
  const { seen, observe } = observing();
  const { url, invoker } = await startRouter({ paths, mount, observe });
  await fetch(`${url}/a?b=c`);
  await fetch(`${url}/__admin`);
  await fetch(`${url}/b`, { method: 'HEAD' });
  await fetch(`${url}/`);
  const [first, second, third] = seen;
  expect(seen).toHaveLength(3);
  expect(first).toMatchObject({ target: '/a?b=c', sent: ['200 text/plain', '/a'] });
  expect(first?.id).toBe(invoker.invocations[0]?.event.batch[0]?.requestContext.requestId);
  expect(second).toMatchObject({ target: '/b', sent: ['200 text/plain'] });
  expect(third?.sent).toEqual([
    '404 application/json',
    expect.stringContaining('LPR_ROUTE_NOT_FOUND'),
  ]);
});

test('whoever asks is told of a streamed answer as it leaves', async () => {
  const { seen, observe } = observing();
  const streaming = operation({ maxWaitMs: 0, invokeMode: 'response_stream' });
  const { url } = await startRouter({
    paths: { '/s': { get: streaming } },
    observe,
    answer: async function* (event) {
      const { requestId: id } = event.batch[0]!.requestContext;
      const headers = { 'content-type': 'text/plain' };
      yield `${JSON.stringify({ type: 'head', id, statusCode: 201, headers })}\n`;
      yield `${JSON.stringify({ type: 'chunk', id, body: 'one ' })}\n`;
      yield `${JSON.stringify({ type: 'chunk', id, body: 'two' })}\n`;
      yield `${JSON.stringify({ type: 'end', id })}\n`;
    },
  });
  expect(await (await fetch(`${url}/s`)).text()).toBe('one two');
  expect(seen[0]?.sent).toEqual(['201 text/plain', 'one ', 'two']);
});
