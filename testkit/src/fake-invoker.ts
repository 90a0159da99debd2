import type { BatchEvent } from 'lpr-protocol';
import type { Invocation, InvokeAnswer, Invoker } from 'lpr-router';

/**
 * What a fake function answers: a JSON value (buffered), text or bytes as they are, or an async
 * iterable of text or bytes (streamed). Throwing is the failure of the invocation.
 */
export type FakeAnswer = unknown;

export interface FakeInvocation extends Invocation {
  /** The payload, parsed. */
  readonly event: BatchEvent;
}

export interface FakeInvoker extends Invoker {
  /** Every invocation so far, in order. */
  readonly invocations: readonly FakeInvocation[];
}

/** An `Invoker` that calls `answer` instead of Lambda, and remembers what it was asked. */
export function fakeInvoker(
  answer: (event: BatchEvent, invocation: FakeInvocation) => FakeAnswer,
): FakeInvoker {
  const invocations: FakeInvocation[] = [];
  return {
    invocations,
    async invoke(invocation): Promise<InvokeAnswer> {
      const event = JSON.parse(Buffer.from(invocation.payload).toString()) as BatchEvent;
      const seen = { ...invocation, event };
      invocations.push(seen);
      return toAnswer(await answer(event, seen));
    },
  };
}

function toAnswer(answer: FakeAnswer): InvokeAnswer {
  if (isAsyncIterable(answer)) return { type: 'stream', chunks: toChunks(answer) };
  if (typeof answer === 'string' || answer instanceof Uint8Array) {
    return { type: 'buffered', bytes: toBytes(answer) };
  }
  return { type: 'buffered', bytes: toBytes(JSON.stringify(answer) ?? 'null') };
}

/** The chunks of a streamed answer as bytes. */
export async function* toChunks(answer: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
  for await (const chunk of answer) yield toBytes(chunk);
}

/** Text as UTF-8; bytes as they are. */
export function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new TypeError(`Expected a chunk to be a string or Uint8Array, got ${typeof chunk}`);
}

/** Whether an answer is to be streamed. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
