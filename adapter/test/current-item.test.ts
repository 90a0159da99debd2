import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { currentItem } from '../src/current-item.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { PlainSink, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

it('is the running item, anywhere below the handler', async () => {
  const steps = new Steps();
  const deep = async () => {
    await sleep(0);
    return currentItem()?.requestId;
  };
  const handler = withBatchAdapter(async ({ requestContext: { requestId } }, { item }) => {
    const before = currentItem();
    await steps.wait(requestId);
    return [before === item, currentItem() === item, await deep()];
  });
  const answer = handler(batchOf('a', 'b', 'c'));
  for (const id of ['b', 'c', 'a']) {
    await settled();
    steps.go(id, undefined);
  }
  const { responses } = await answer;
  expect(responses.map(({ body }) => body)).toEqual(
    ['a', 'b', 'c'].map((id) => `[true,true,"${id}"]`),
  );
});

it('has the deadline and the signal, and can be logged', async () => {
  const event = itemEvent('a');
  const requestContext = { ...event.requestContext, lpr: { deadlineMs: 32_503_680_000_000 } };
  const handler = withBatchAdapter((_, context) => {
    expect(currentItem()?.signal).toBe(context.signal);
    expect(context.signal).toBe(context.signal);
    expect(currentItem()?.signal).toBeInstanceOf(AbortSignal);
    return currentItem();
  });
  const { responses } = await handler(batchEvent([{ ...event, requestContext }]));
  expect(JSON.parse(responses[0]!.body)).toEqual({
    requestId: 'a',
    deadlineMs: 32_503_680_000_000,
    signal: {},
  });
});

it('is the item while its body is read, in `onError` and in `errorResponse`', async () => {
  const seen: unknown[] = [];
  async function* body(): AsyncGenerator<string> {
    seen.push(currentItem()?.requestId);
    await settled();
    seen.push(currentItem()?.requestId);
    throw new Error('broken');
    yield 'never';
  }
  await withBatchAdapter(() => ({ statusCode: 200, body: body() }), {
    onError: () => seen.push(currentItem()?.requestId),
    errorResponse: () => void seen.push(currentItem()?.requestId),
  })(batchOf('a'));
  expect(seen).toEqual(['a', 'a', 'a', 'a']);
});

it('is nothing outside of an item, and for an event that is no batch', async () => {
  expect(currentItem()).toBeUndefined();
  const passed = await withBatchAdapter((_, context) => [
    currentItem() ?? 'none',
    context.item ?? 'none',
    context.signal ?? 'none',
  ])(itemEvent('a') as unknown, {});
  expect(passed).toEqual(['none', 'none', 'none']);
});

it('is one for all copies of the module, of which CommonJS has one per entry', async () => {
  const specifier = '../src/current-item.ts?copy';
  const copy = (await import(specifier)) as { currentItem: typeof currentItem };
  expect(copy.currentItem).not.toBe(currentItem);
  const handler = withBatchAdapter(() => copy.currentItem()?.requestId);
  expect((await handler(batchOf('a'))).responses[0]?.body).toBe('a');
});

it('aborts the signal of every item when the stream goes, also when it was not asked for before', async () => {
  const sink = new SlowSink();
  const steps = new Steps();
  const late: unknown[] = [];
  const handler = withBatchAdapterStream(async ({ requestContext: { requestId } }) => {
    const early = requestId === 'a' ? currentItem()!.signal : undefined;
    await steps.wait(requestId);
    late.push(early?.aborted ?? currentItem()!.signal.aborted);
  });
  const done = handler(batchOf('a', 'b'), sink);
  await settled();
  sink.destroy();
  await done;
  steps.go('a', undefined);
  steps.go('b', undefined);
  await settled();
  expect(late).toEqual([true, true]);
});

it('does not abort for an item that has been answered', async () => {
  const signals: AbortSignal[] = [];
  await withBatchAdapterStream(() => void signals.push(currentItem()!.signal))(
    batchOf('a'),
    new PlainSink(),
  );
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});
