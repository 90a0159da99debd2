import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpSender } from '../src/loadtest/http-sender.ts';
import { monotonicClock } from '../src/loadtest/monotonic-clock.ts';
import { runOpenLoop } from '../src/loadtest/open-loop.ts';
import { Recorder } from '../src/loadtest/recorder.ts';
import { requestTo } from '../src/loadtest/routes.ts';
import type { LoadRoute, RequestOptions } from '../src/loadtest/routes.ts';
import { listenOnLoopback } from './loopback-server.ts';

const PLAIN: RequestOptions = { headers: {}, body: undefined, parameters: {}, distinct: 1000 };

function sender(timeoutMs = 10_000) {
  const created = createHttpSender(monotonicClock, timeoutMs);
  onTestFinished(() => created[Symbol.asyncDispose]());
  return created;
}

const route = (url: string, method = 'GET'): LoadRoute => ({
  name: 'route',
  method,
  url,
  direct: false,
  functionName: undefined,
  memoryMb: undefined,
  architecture: undefined,
});

describe('HTTP sender', () => {
  it('waits for nobody: a server that answers only when all are there gets all', async () => {
    const waiting: ServerResponse[] = [];
    const sockets = new Set<unknown>();
    const url = await listenOnLoopback(({ socket }, response) => {
      waiting.push(response);
      sockets.add(socket);
      if (waiting.length === 60) for (const each of waiting) each.end('ok');
    });
    const recorder = new Recorder();
    const { send } = sender();
    await runOpenLoop({
      arrivals: Array.from({ length: 60 }, (_, n) => n),
      send: (n) => send(requestTo(route(`${url}/`), n, PLAIN)),
      onOutcome: recorder.record,
      clock: monotonicClock,
      maxInFlight: 60,
    });
    expect(recorder.tally).toMatchObject({ arrivals: 60, ok: 60, failed: 0 });
    // Behind another request on one connection an answer would wait for that one's.
    expect(sockets.size).toBe(60);
  });

  it('tells status, batch size, and the head before the end', async () => {
    let finish = (): void => undefined;
    const url = await listenOnLoopback((_request, response) => {
      response.writeHead(202, { 'x-lpr-batch-size': '7' });
      response.write('a');
      finish = () => response.end('b');
    });
    const ticks: number[] = [];
    let tick = 0;
    // Only the head and the end ask for the time.
    const clock = {
      ...monotonicClock,
      now: () => {
        ticks.push((tick += 1));
        if (tick === 1) finish();
        return tick;
      },
    };
    const created = createHttpSender(clock, 10_000);
    onTestFinished(() => created[Symbol.asyncDispose]());
    expect(await created.send(requestTo(route(`${url}/`), 0, PLAIN))).toEqual({
      status: 202,
      batchSize: 7,
      headAtMs: 1,
      endAtMs: 2,
    });
    expect(ticks).toEqual([1, 2]);
  });

  it.each(['0', '1.5', 'many'])('takes `x-lpr-batch-size: %s` for none', async (size) => {
    const url = await listenOnLoopback((_request, response) => {
      response.setHeader('x-lpr-batch-size', size).end();
    });
    const answer = await sender().send(requestTo(route(url), 0, PLAIN));
    expect(answer.batchSize).toBeUndefined();
  });

  it('sends method, headers and body, and fills the path', async () => {
    const seen: string[] = [];
    const url = await listenOnLoopback((request, response) => {
      void text(request).then((body) => {
        const { method, url, headers } = request;
        seen.push(`${method} ${url} ${String(headers['x-tenant'])} ${body}`);
        response.end();
      });
    });
    const options = {
      headers: { 'x-tenant': 'a' },
      body: '{}',
      parameters: { shop: 'my shop' },
      distinct: 2,
    };
    const { send } = sender();
    const posted = route(`${url}/{shop}/orders/{id}?x=1`, 'POST');
    for (const n of [0, 1, 2]) await send(requestTo(posted, n, options));
    await send(requestTo(route(`${url}/{*rest}`, 'ANY'), 1, options));
    await send(requestTo(route(`${url}/{rest+}`, 'GET'), 1, options));
    expect(seen).toEqual([
      'POST /my%20shop/orders/1?x=1 a {}',
      'POST /my%20shop/orders/2?x=1 a {}',
      'POST /my%20shop/orders/1?x=1 a {}',
      'GET /2 a ',
      'GET /2 a ',
    ]);
  });

  it('invokes a function with what a function URL would make of a request', async () => {
    const events: unknown[] = [];
    const url = await listenOnLoopback((request, response) => {
      void text(request).then((body) => {
        events.push({ asked: `${request.method} ${request.url}`, ...(JSON.parse(body) as object) });
        response.end('{}');
      });
    });
    const invoked = { ...route(`${url}/invocations`), direct: true, invoked: true as const };
    const { send } = sender();
    await send(requestTo(invoked, 6, { ...PLAIN, headers: { 'x-tenant': 'a' } }));
    await send(requestTo(invoked, 0, { ...PLAIN, parameters: { page: 'a b' } }));
    expect(events).toMatchObject([
      {
        asked: 'POST /invocations',
        version: '2.0',
        rawPath: '/7',
        headers: { 'x-tenant': 'a' },
        requestContext: { http: { method: 'GET', path: '/7' } },
        isBase64Encoded: false,
      },
      { rawPath: '/a%20b' },
    ]);
  });

  it('takes a function that failed for an error, although it was invoked', async () => {
    const url = await listenOnLoopback((_request, response) => {
      response.setHeader('x-amz-function-error', 'Unhandled').end('{}');
    });
    expect(await sender().send(requestTo(route(url), 0, PLAIN))).toMatchObject({ status: 502 });
  });

  it('gives up on a server that is silent, with a code', async () => {
    const url = await listenOnLoopback(() => undefined);
    await expect(sender(50).send(requestTo(route(url), 0, PLAIN))).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
  });

  it('fails for an answer that breaks off', async () => {
    const url = await listenOnLoopback((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    await expect(sender().send(requestTo(route(url), 0, PLAIN))).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET',
    });
  });
});
