import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { fromFetch } from '../src/from-fetch.ts';
import type { FetchEnvironment, FetchHandler } from '../src/from-fetch.ts';
import type { ItemEvent } from '../src/lambda-types.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { PlainSink, recordsIn } from './support/sinks.ts';

/** The request that a Fetch handler is given for this event. */
async function requestFor(overrides: Partial<ItemEvent>, method = 'GET') {
  const event = itemEvent('a', overrides);
  event.requestContext.http.method = method;
  const seen: { request?: Request; text?: string } = {};
  const handler = withBatchAdapter(
    fromFetch(async (request) => {
      seen.request = request;
      seen.text = await request.clone().text();
      return new Response('ok');
    }),
  );
  const { responses } = await handler(batchEvent([event]));
  expect(responses[0]).toMatchObject({ statusCode: 200, body: 'ok' });
  return { ...seen, request: seen.request! };
}

describe('fromFetch', () => {
  it('builds the URL from host, path and query as they were received', async () => {
    const { request } = await requestFor({
      rawPath: '/a%20b/ü',
      rawQueryString: 'x=1&x=2&y=%20',
      headers: { host: 'api.example.com:8443' },
    });
    expect(request.url).toBe('https://api.example.com:8443/a%20b/%C3%BC?x=1&x=2&y=%20');
  });

  it.each<[Partial<ItemEvent>, string]>([
    [{ headers: {} }, 'https://localhost/hello/a'],
    [{ headers: { host: 'h', 'x-forwarded-proto': 'http' } }, 'http://h/hello/a'],
    [{ headers: { host: 'not a host' } }, 'https://localhost/hello/a'],
    [{ headers: { host: 'h' }, rawPath: '//evil.example/x' }, 'https://h//evil.example/x'],
  ])('with %j asks for %s', async (overrides, url) => {
    expect((await requestFor(overrides)).request.url).toBe(url);
  });

  it('hands on method, headers, cookies and body', async () => {
    const { request, text } = await requestFor(
      {
        headers: { 'content-type': 'text/plain', 'x-a': 'ÿ' },
        cookies: ['a=1', 'b=2'],
        body: 'hé',
      },
      'PUT',
    );
    expect([request.method, request.headers.get('x-a'), text]).toEqual(['PUT', 'ÿ', 'hé']);
    expect(request.headers.get('cookie')).toBe('a=1; b=2');
    const binary = await requestFor({ body: 'AP8=', isBase64Encoded: true }, 'POST');
    expect(Buffer.from(await binary.request.arrayBuffer())).toEqual(Buffer.from([0, 255]));
    const bodiless = await requestFor({ body: 'ignored' }, 'HEAD');
    expect(bodiless.request.body).toBeNull();
  });

  it('gives the event and the context beside the request, and the signal in it', async () => {
    let environment: FetchEnvironment | undefined;
    const fetch: FetchHandler = (request, given) => {
      environment = given;
      return new Response(String(request.signal.aborted));
    };
    await withBatchAdapter(fromFetch(fetch))(batchOf('a'), lambdaContext());
    expect(environment?.event.rawPath).toBe('/hello/a');
    expect(environment?.context.item?.requestId).toBe('a');
  });

  it('aborts the request when the invocation ends without it', async () => {
    let request: Request | undefined;
    const handler = withBatchAdapter(
      fromFetch((given) => {
        request = given;
        return new Promise(() => undefined);
      }),
      { onError: () => undefined },
    );
    await handler(batchOf('a'), lambdaContext({ remainingTimeMs: 51 }));
    expect(request?.signal.aborted).toBe(true);
  });

  it('names the right order when it meets a batch itself', async () => {
    const handler = fromFetch(() => new Response('ok'));
    await expect(handler(batchOf('a') as never, {} as never)).rejects.toMatchObject({
      code: 'LPR_WRONG_ORDER',
      message: expect.stringContaining('`withBatchAdapter(fromFetch(fetch))`') as string,
    });
  });

  it('also answers an event that is no batch', async () => {
    const handler = withBatchAdapter(fromFetch(() => Response.json({ a: 1 })));
    expect(await handler(itemEvent('a') as unknown, lambdaContext())).toMatchObject({
      statusCode: 200,
      body: '{"a":1}',
    });
  });
});

describe('Hono', () => {
  const app = new Hono<{ Bindings: FetchEnvironment }>()
    .get('/hello/:id', (c) => c.json({ hello: c.req.param('id'), route: c.env.event.routeKey }))
    .get('/events/:id', (c) =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: '1' });
        await stream.writeSSE({ data: c.req.param('id') });
      }),
    );

  it('answers each item of a batch', async () => {
    const batch = batchEvent([itemEvent('a'), itemEvent('b', { rawPath: '/nowhere' })]);
    const { responses } = await withBatchAdapter(fromFetch(app.fetch))(batch);
    expect(responses).toMatchObject([
      { statusCode: 200, body: '{"hello":"a","route":"GET /hello/{id}"}' },
      { statusCode: 404 },
    ]);
  });

  it('streams, each event as a chunk of its own', async () => {
    const sink = new PlainSink();
    const items = ['a', 'b'].map((id) => itemEvent(id, { rawPath: `/events/${id}` }));
    await withBatchAdapterStream(fromFetch(app.fetch))(batchEvent(items), sink);
    const ofB = recordsIn(sink.chunks).flatMap((result) =>
      result.ok && result.record.id === 'b' ? [result.record] : [],
    );
    expect(ofB).toMatchObject([
      { type: 'head', headers: { 'content-type': 'text/event-stream' } },
      { type: 'chunk', body: 'data: 1\n\n' },
      { type: 'chunk', body: 'data: b\n\n' },
      { type: 'end' },
    ]);
  });
});
