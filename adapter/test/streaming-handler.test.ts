import { lambdaContext } from 'lpr-testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, codeOf } from './support/log.ts';
import { idsIn, PlainSink, recordsIn, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

const AWS_REQUEST_ID = lambdaContext().awsRequestId;

const TAG = Symbol.for('aws.lambda.runtime.handler.streaming');
const tagOf = (handler: object) => (handler as Record<symbol, unknown>)[TAG];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('withBatchAdapterStream', () => {
  it('is tagged as streaming where no `awslambda` exists', () => {
    expect(globalThis).not.toHaveProperty('awslambda.streamifyResponse');
    const handler = withBatchAdapterStream(() => 'ok');
    expect(tagOf(handler)).toBe('response');
    expect(handler.length).toBeLessThanOrEqual(2);
  });

  it('goes through `awslambda.streamifyResponse` where it exists', () => {
    const wrapped = () => Promise.resolve();
    const streamifyResponse = vi.fn<(handler: object) => unknown>(() => wrapped);
    vi.stubGlobal('awslambda', { streamifyResponse });
    expect(withBatchAdapterStream(() => 'ok')).toBe(wrapped);
    expect(streamifyResponse).toHaveBeenCalledOnce();
  });

  it('is tagged where `awslambda` exists without `streamifyResponse`', () => {
    vi.stubGlobal('awslambda', {});
    expect(tagOf(withBatchAdapterStream(() => 'ok'))).toBe('response');
  });

  it('writes one record per item and line, as NDJSON, and ends the stream', async () => {
    const sink = Object.assign(new PlainSink(), { contentType: '', setContentType });
    function setContentType(contentType: string): void {
      sink.contentType = contentType;
    }
    const handler = withBatchAdapterStream((event) => ({ statusCode: 201, body: event.rawPath }));
    expect(await handler(batchOf('a', 'b'), sink, lambdaContext())).toBeUndefined();
    expect(sink.contentType).toBe('application/x-ndjson');
    expect(sink.chunks).toEqual([
      '{"v":1,"id":"a","statusCode":201,"headers":{},"body":"/hello/a","isBase64Encoded":false}\n',
      '{"v":1,"id":"b","statusCode":201,"headers":{},"body":"/hello/b","isBase64Encoded":false}\n',
    ]);
    expect(sink.ended).toBe(1);
  });

  it('writes each record as soon as its item is done', async () => {
    const sink = new PlainSink();
    const steps = new Steps();
    const handler = withBatchAdapterStream((event) => steps.wait(event.requestContext.requestId));
    const done = handler(batchOf('a', 'b', 'c'), sink);
    steps.go('c', undefined);
    await settled();
    expect(idsIn(sink.chunks)).toEqual(['c']);
    steps.go('a', undefined);
    await settled();
    expect(idsIn(sink.chunks)).toEqual(['c', 'a']);
    expect(sink.ended).toBe(0);
    steps.go('b', undefined);
    await done;
    expect(idsIn(sink.chunks)).toEqual(['c', 'a', 'b']);
    expect(sink.ended).toBe(1);
  });

  it('turns the failure of an item into its 500', async () => {
    using log = captureLog();
    const sink = new PlainSink();
    const handler = withBatchAdapterStream((event) => {
      if (event.requestContext.requestId === 'a') throw new Error('secret');
      return { statusCode: event.requestContext.requestId === 'b' ? 42 : 200 };
    });
    await handler(batchOf('a', 'b', 'c'), sink, lambdaContext());
    const statuses = recordsIn(sink.chunks).map(
      (r) => r.ok && r.record.type === 'response' && r.record.statusCode,
    );
    expect(statuses.toSorted()).toEqual([200, 500, 500]);
    expect(sink.chunks.join('')).not.toContain('secret');
    expect(log.lines.map(({ requestId, awsRequestId }) => [requestId, awsRequestId])).toEqual([
      ['a', AWS_REQUEST_ID],
      ['b', AWS_REQUEST_ID],
    ]);
  });

  it('ends the stream of an empty batch without a record', async () => {
    const sink = new PlainSink();
    await withBatchAdapterStream(() => 'ok')(batchEvent([]), sink);
    expect(sink.chunks).toEqual([]);
    expect(sink.ended).toBe(1);
  });

  it('answers the others when an item has no id', async () => {
    using log = captureLog();
    const sink = new PlainSink();
    await withBatchAdapterStream(() => 'ok')(batchEvent([{}, { id: 'a' }]), sink);
    expect(idsIn(sink.chunks)).toEqual(['a']);
    expect(codeOf(log.lines[0])).toBe('LPR_ITEM_WITHOUT_ID');
  });

  it('never runs more items than `concurrency` at once', async () => {
    const steps = new Steps();
    const handler = withBatchAdapterStream((event) => steps.wait(event.requestContext.requestId), {
      concurrency: 2,
    });
    const done = handler(batchOf('a', 'b', 'c'), new PlainSink());
    await settled();
    expect(steps.started).toEqual(['a', 'b']);
    for (const id of ['a', 'b', 'c']) steps.go(id, undefined);
    await done;
    expect(steps.started).toEqual(['a', 'b', 'c']);
  });
});

describe('an event that is no batch', () => {
  it('is handed on once, and its answer streamed with a prelude', async () => {
    const chunks: Uint8Array[] = [];
    const contentTypes: string[] = [];
    const sink = {
      write: (chunk: string | Uint8Array) => chunks.push(Buffer.from(chunk as string)),
      end: () => undefined,
      setContentType: (contentType: string) => contentTypes.push(contentType),
    };
    const event = itemEvent('a');
    const context = lambdaContext();
    const calls: unknown[][] = [];
    const handler = withBatchAdapterStream((...received) => {
      calls.push(received);
      return {
        statusCode: 201,
        headers: { 'x-a': 1 },
        cookies: ['a=b'],
        body: Buffer.from([0, 255]),
      };
    });
    await handler(event, sink, context);
    expect(calls[0]?.[0]).toBe(event);
    expect(calls[0]?.[1]).toBe(context);
    expect(contentTypes).toEqual(['application/vnd.awslambda.http-integration-response']);
    const bytes = Buffer.concat(chunks);
    const end = bytes.indexOf(Buffer.alloc(8));
    expect(JSON.parse(bytes.subarray(0, end).toString())).toEqual({
      statusCode: 201,
      headers: { 'x-a': '1' },
      cookies: ['a=b'],
    });
    expect([...bytes.subarray(end + 8)]).toEqual([0, 255]);
  });

  it('writes no empty chunk for an empty body', async () => {
    const sink = new PlainSink();
    await withBatchAdapterStream(() => ({ statusCode: 204 }))(itemEvent('a'), sink);
    expect(sink.chunks).toHaveLength(2);
    expect(sink.ended).toBe(1);
  });

  it('fails as the handler fails, before anything is written', async () => {
    const error = new Error('boom');
    const sink = new SlowSink();
    const handler = withBatchAdapterStream(() => Promise.reject(error));
    await expect(handler(itemEvent('a'), sink)).rejects.toBe(error);
    expect(sink.chunks).toEqual([]);
    expect(sink.contentType).toBe('application/octet-stream');
  });
});

it('the buffered wrapper never touches `awslambda`', async () => {
  vi.stubGlobal('awslambda', undefined);
  const touch = vi.fn<() => never>(() => {
    throw new Error('touched');
  });
  Object.defineProperty(globalThis, 'awslambda', { get: touch, configurable: true });
  vi.resetModules();
  const entry = await import('../src/index.ts');
  await entry.withBatchAdapter(() => 'ok')(batchOf('a'));
  await withBatchAdapter(() => 'ok')(batchOf('a'));
  expect(touch).not.toHaveBeenCalled();
  expect(() => entry.withBatchAdapterStream(() => 'ok')).toThrow('touched');
});
