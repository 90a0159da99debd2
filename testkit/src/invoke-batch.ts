import { finished } from 'node:stream/promises';
import { parseBufferedAnswer } from 'lpr-protocol';
import type { AnswerRecord, BatchEvent, RecordResult } from 'lpr-protocol';
import { batchEvent } from './factories/batch-event.ts';
import type { BatchEventOptions, ItemSource } from './factories/batch-event.ts';
import { lambdaContext } from './factories/lambda-context.ts';
import type { LambdaContextOptions, TestContext } from './factories/lambda-context.ts';
import { idIn } from './matchers/item-of.ts';
import type { ItemOf } from './matchers/item-of.ts';
import { recordsOf } from './matchers/record-list.ts';
import { RecordingStream } from './recording-stream.ts';
import type { RecordingStreamOptions } from './recording-stream.ts';
import { checkHandler, isStreaming, runBuffered, runStreaming } from './run-handler.ts';
import type { TestHandler } from './run-handler.ts';

/** A number of items, items, what they are made from, or a whole batch event. */
export type BatchSource = number | readonly ItemSource[] | BatchEvent;

export type InvokeBatchOptions = BatchEventOptions & LambdaContextOptions;

/** What a handler made of a batch; matchers of records take it as it is. */
export interface BatchRun {
  readonly event: BatchEvent;
  readonly context: TestContext;
  /** As it travels: JSON, parsed again. */
  readonly answer: unknown;
  /** The first record of this item's answer that a router can read; an item by itself, its id, or its index. */
  recordOf(item: ItemOf): AnswerRecord | undefined;
}

/**
 * Invokes a buffered batch handler (modes B and C) as Lambda does: with an event of its own, and with an answer that
 * has to survive JSON. Rejects as the handler does.
 */
export async function invokeBatch(
  handler: TestHandler,
  items: BatchSource,
  options: InvokeBatchOptions = {},
): Promise<BatchRun> {
  checkHandler(handler);
  if (isStreaming(handler)) {
    throw new TypeError(
      'Expected a handler that returns its answer, got one that streams: give it to `invokeBatchStream`',
    );
  }
  const { event, own, context } = prepare(items, options);
  const answer = (await runBuffered(handler, own, context)) ?? null;
  const text = JSON.stringify(answer);
  const travelled: unknown = JSON.parse(text);
  const results = () => {
    const parsed = parseBufferedAnswer(travelled);
    return parsed.ok ? parsed.results : [];
  };
  return { event, context, answer: travelled, recordOf: finder(event, results) };
}

export interface InvokeBatchStreamOptions extends InvokeBatchOptions {
  /** Where the handler writes to: a stream, or what one is made from. Default: one that takes everything at once. */
  readonly stream?: RecordingStream | RecordingStreamOptions;
}

/** What a streaming handler made of a batch; matchers of records and frames take it as it is. */
export interface BatchStreamRun extends Omit<BatchRun, 'answer'> {
  readonly stream: RecordingStream;
  /** All that was written. */
  readonly bytes: Uint8Array;
}

/**
 * Invokes a streaming batch handler (modes B and C) with a stream that records. Rejects as the handler does, when
 * the stream breaks, and when the handler returns without having ended it.
 */
export async function invokeBatchStream(
  handler: TestHandler,
  items: BatchSource,
  options: InvokeBatchStreamOptions = {},
): Promise<BatchStreamRun> {
  checkHandler(handler);
  const { event, own, context } = prepare(items, options);
  const stream =
    options.stream instanceof RecordingStream
      ? options.stream
      : new RecordingStream(options.stream);
  const returned = await runStreaming(handler, own, stream, context);
  if (!stream.writableEnded && !stream.destroyed) {
    const hint =
      returned === undefined
        ? ''
        : ', got an answer: a handler that returns one is for `invokeBatch`';
    throw new Error(`Expected the handler to end its response stream before it returns${hint}`);
  }
  await finished(stream);
  const results = () => recordsOf(stream.bytes).map(({ result }) => result);
  return { event, context, stream, bytes: stream.bytes, recordOf: finder(event, results) };
}

function prepare(items: BatchSource, options: InvokeBatchOptions) {
  const isEvent = typeof items === 'object' && items !== null && 'batch' in items;
  const event = isEvent ? items : batchEvent(items, options);
  // What a handler does to its event is nobody else's business.
  const own = JSON.parse(JSON.stringify(event)) as unknown;
  return { event, own, context: lambdaContext(options) };
}

function finder(event: BatchEvent, results: () => readonly RecordResult[]) {
  return (item: ItemOf): AnswerRecord | undefined => {
    if (typeof item === 'number' && event.batch[item] === undefined) return undefined;
    const id = idIn({ event }, item);
    for (const result of results()) if (result.ok && result.record.id === id) return result.record;
    return undefined;
  };
}
