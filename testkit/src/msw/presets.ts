import { describeValue, encodeRecord, itemId } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import { bufferedAnswer, ndjson, responseRecord } from '../factories/records.ts';
import { Cut } from './outcome.ts';
import type { LambdaCall, LambdaOutcome, LambdaPreset } from './outcome.ts';

/** Answers every item with 200 and this body. */
export function ok(body = 'ok'): LambdaPreset {
  return { preset: (call) => answer(call, recordsFor(call, body)) };
}

/** Answers all items but the last `missing` ones. */
export function partial({ missing = 1, body = 'ok' } = {}): LambdaPreset {
  return { preset: (call) => answer(call, recordsFor(call, body).slice(0, -missing)) };
}

/** 429, as Lambda says it; by default because the function's reserved concurrency is used up. */
export function throttled({
  retryAfterSeconds = 1,
  reason = 'ReservedFunctionConcurrentInvocationLimitExceeded',
} = {}): LambdaPreset {
  return refused(
    { status: 429, exception: 'TooManyRequestsException', retryAfterSeconds },
    { Reason: reason, Type: 'User', message: 'Rate Exceeded.' },
  );
}

/** The function did not finish in time. */
export function timeout(seconds = 3): LambdaPreset {
  return {
    preset: ({ requestId }) => ({
      type: 'function_error',
      payload: JSON.stringify({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
      }),
    }),
  };
}

/** The handler threw. */
export function functionError({
  errorType = 'Error',
  errorMessage = 'The handler failed',
} = {}): LambdaPreset {
  const payload = JSON.stringify({ errorType, errorMessage });
  return { preset: () => ({ type: 'function_error', payload }) };
}

/** 413: the payload is larger than Lambda takes. */
export function tooLarge(): LambdaPreset {
  const message = 'Request must be smaller than 6291456 bytes for the InvokeFunction operation';
  return refused({ status: 413, exception: 'RequestTooLargeException' }, { Type: 'User', message });
}

/** The first item's record is no JSON, the others are good; buffered, the document is no JSON. */
export function malformedNdjson(): LambdaPreset {
  return {
    preset(call) {
      const records = recordsFor(call, 'ok');
      if (call.mode === 'buffered') return buffered('{"v":1,"responses":[');
      return streamed(['{"id":oops}\n', ndjson(records.slice(1))]);
    },
  };
}

/** The connection breaks after so many records of a stream; buffered, before the answer. */
export function cutStream({ after = 1 } = {}): LambdaPreset {
  return {
    preset(call) {
      if (call.mode === 'buffered') return { type: 'cut' };
      const lines = recordsFor(call, 'ok').slice(0, after);
      return streamed(
        lines.map((record) => encodeRecord(record)),
        new Cut('The stream was cut'),
      );
    },
  };
}

const FACTORIES: readonly unknown[] = [
  ok,
  partial,
  throttled,
  timeout,
  functionError,
  tooLarge,
  malformedNdjson,
  cutStream,
];

/** Throws a TypeError for what is neither a handler nor a preset, such as a preset that nobody called. */
export function checkFunction(name: string, target: unknown): void {
  if (typeof target === 'function' && !FACTORIES.includes(target)) return;
  if (typeof Object(target).preset === 'function') return;
  const got = typeof target === 'function' ? `\`${target.name}\`: call it` : describeValue(target);
  throw new TypeError(`Expected \`${name}\` to be a handler or a preset, got ${got}`);
}

function refused(
  how: { status: number; exception: string; retryAfterSeconds?: number },
  body: object,
): LambdaPreset {
  return { preset: () => ({ type: 'refused', ...how, body }) };
}

function recordsFor({ event }: LambdaCall, body: string): ResponseRecord[] {
  const { batch = [event] } = event as { batch?: readonly unknown[] };
  return batch.map((item) => responseRecord(itemId(item) ?? '', { body }));
}

function answer(call: LambdaCall, records: readonly ResponseRecord[]): LambdaOutcome {
  return call.mode === 'buffered'
    ? buffered(JSON.stringify(bufferedAnswer(records)))
    : streamed(records.map((record) => encodeRecord(record)));
}

function buffered(text: string): LambdaOutcome {
  return { type: 'buffered', bytes: Buffer.from(text) };
}

function streamed(texts: readonly string[], end?: Error): LambdaOutcome {
  return { type: 'stream', chunks: chunks(texts, end) };
}

async function* chunks(texts: readonly string[], end?: Error): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
  if (end) throw end;
}
