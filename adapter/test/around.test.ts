import { finished, Readable } from 'node:stream';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import middy from '@middy/core';
import { lambdaContext } from 'lpr-testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ItemAnswer, ItemContext, StructuredAnswer } from '../src/item.ts';
import type { ItemEvent } from '../src/lambda-types.ts';
import type { ItemCall } from '../src/options.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, messageOf } from './support/log.ts';
import { PlainSink, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

describe('around', () => {
  it("is given the item, its event and its own context, and the handler's answer by `next`", async () => {
    const calls: ItemCall[] = [];
    const seen: ItemContext[] = [];
    const handler = withBatchAdapter((event, own) => (seen.push(own), event.rawPath), {
      around: async (call, next) => {
        calls.push(call);
        return { statusCode: 201, body: `<${String(await next())}>` };
      },
    });
    const { responses } = await handler(batchOf('a', 'b'), lambdaContext());
    expect(responses.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [201, '</hello/a>'],
      [201, '</hello/b>'],
    ]);
    expect(calls.map(({ requestId, event }) => [requestId, event.rawPath])).toEqual([
      ['a', '/hello/a'],
      ['b', '/hello/b'],
    ]);
    expect(calls.map((call) => call.context)).toEqual(seen);
  });

  it('may answer without the handler, answer its failure, or fail', async () => {
    using log = captureLog();
    const ran: string[] = [];
    const handler = withBatchAdapter(
      ({ requestContext: { requestId } }) => {
        ran.push(requestId);
        throw new Error('handler');
      },
      {
        around: async ({ requestId }, next) => {
          if (requestId === 'a') return { statusCode: 401 };
          if (requestId === 'b') return next().catch(() => ({ statusCode: 409 }));
          throw new Error('hook');
        },
      },
    );
    const { responses } = await handler(batchOf('a', 'b', 'c'));
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([401, 409, 500]);
    expect(ran).toEqual(['b']);
    expect(log.lines.map(messageOf)).toEqual(['hook']);
  });
});

describe('OpenTelemetry', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  });
  afterAll(() => {
    context.disable();
    propagation.disable();
  });

  /** The recipe of the README: a span per request, from its own `traceparent`. */
  function withSpan({ event, requestId }: ItemCall, next: () => Promise<unknown>) {
    const parent = propagation.extract(ROOT_CONTEXT, event.headers);
    return tracer.startActiveSpan(event.routeKey, { attributes: { requestId } }, parent, (span) =>
      next().finally(() => span.end()),
    );
  }

  const traced = (id: string, traceId: string): ItemEvent =>
    itemEvent(id, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
  const TRACES = ['a', 'b', 'c'].map((id) => id.repeat(32));

  it('gives every item a span of its own trace, active in the handler and while its body is read', async () => {
    const steps = new Steps();
    const active = new Map<string, (string | undefined)[]>();
    const look = (id: string) => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      active.set(id, [...(active.get(id) ?? []), traceId]);
    };
    const handler = withBatchAdapterStream(
      async ({ requestContext: { requestId } }) => {
        look(requestId);
        await steps.wait(requestId);
        look(requestId);
        async function* body(): AsyncGenerator<string> {
          look(requestId);
          await settled();
          look(requestId);
          yield 'x';
        }
        return { statusCode: 200, body: body() };
      },
      { around: withSpan },
    );
    const items = ['a', 'b', 'c'].map((id, index) => traced(id, TRACES[index]!));
    const done = handler(batchEvent(items), new PlainSink());
    for (const id of ['c', 'a', 'b']) {
      await settled();
      steps.go(id, undefined);
    }
    await done;
    expect([...active.values()]).toEqual(TRACES.map((id) => [id, id, id, id]));
    const spans = exporter.getFinishedSpans();
    expect(
      spans.map((span) => [span.attributes['requestId'], span.spanContext().traceId]).toSorted(),
    ).toEqual(TRACES.map((traceId, index) => [['a', 'b', 'c'][index], traceId]));
    expect(new Set(spans.map(({ parentSpanContext }) => parentSpanContext?.spanId))).toEqual(
      new Set(['00f067aa0ba902b7']),
    );
  });
});

describe('a span that lasts as long as its body', () => {
  /** The recipe of the README, with what counts the spans that have ended. */
  function lasting() {
    let ended = 0;
    const span = { end: () => (ended += 1) };
    async function untilSent(_: ItemCall, next: () => Promise<ItemAnswer>) {
      let body: unknown;
      try {
        const answer = await next();
        body = (answer as StructuredAnswer | undefined)?.body;
        return answer;
      } finally {
        if (body instanceof Readable) finished(body, () => span.end());
        else span.end();
      }
    }
    return { around: untilSent, ended: () => ended };
  }

  it('ends once its last piece has been sent', async () => {
    const { around, ended } = lasting();
    const body = new Readable({ read: () => undefined });
    const sink = new PlainSink();
    const done = withBatchAdapterStream(() => ({ statusCode: 200, body }), { around })(
      batchOf('a'),
      sink,
    );
    body.push('x');
    await settled();
    expect([sink.chunks.length, ended()]).toEqual([2, 0]);
    body.push(null);
    await done;
    expect([sink.chunks.length, ended()]).toEqual([3, 1]);
  });

  it('ends with a body that is given up, and at once where there is none', async () => {
    const { around, ended } = lasting();
    const body = new Readable({ read: () => undefined });
    const sink = new SlowSink();
    const handler = withBatchAdapterStream(
      ({ requestContext }) => (requestContext.requestId === 'a' ? { statusCode: 200, body } : 'x'),
      { around },
    );
    const done = handler(batchOf('a', 'b'), sink);
    await settled();
    expect(ended()).toBe(1);
    sink.destroy();
    await done;
    await settled();
    expect(ended()).toBe(2);
  });
});

describe('Middy', () => {
  interface Request {
    event: ItemEvent & { count?: number };
    context: ItemContext;
    response: unknown;
  }

  /** Middlewares that write to the event and to the answer. */
  const counting = {
    before: ({ event, context: own }: Request) => {
      event.count = (event.count ?? 0) + 1;
      own.functionName = event.requestContext.requestId;
    },
    after: (request: Request) => {
      (request.response as { headers: object }).headers = { 'x-by': request.context.functionName };
    },
  };

  it('around the handler runs its middlewares for each item, apart from the others', async () => {
    const inner = middy(async (event: Request['event']) => {
      await settled();
      return { statusCode: 200, body: String(event.count) };
    }).use(counting as never);
    const { responses } = await withBatchAdapter(inner)(batchOf('a', 'b', 'c'), lambdaContext());
    expect(responses.map(({ body, headers }) => [body, headers['x-by']])).toEqual([
      ['1', 'a'],
      ['1', 'b'],
      ['1', 'c'],
    ]);
  });

  it('around the adapter is refused for a batch, with the right order in the message', async () => {
    const wrong = middy(withBatchAdapter(() => 'ok') as never);
    await expect(wrong(batchOf('a') as never, lambdaContext() as never)).rejects.toMatchObject({
      code: 'LPR_WRONG_ORDER',
      message: expect.stringContaining('`withBatchAdapter(middy(handler))`') as string,
    });
    expect(await wrong(itemEvent('a') as never, lambdaContext() as never)).toBe('ok');
  });

  it('around the streaming adapter is refused, for there is no stream', async () => {
    const wrong = middy(withBatchAdapterStream(() => 'ok') as never);
    await expect(wrong(batchOf('a') as never, lambdaContext() as never)).rejects.toMatchObject({
      code: 'LPR_WRONG_ORDER',
      message: expect.stringContaining('`responseStream`') as string,
    });
  });
});
