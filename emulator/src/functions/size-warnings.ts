import { MAX_ANSWER_BYTES, MAX_EVENT_BYTES, MAX_STREAM_BYTES } from '../limits.ts';
import { channels } from './channels.ts';
import type { InvocationWarned } from './channels.ts';

/** From which part of a limit on there is a warning. */
const NEAR = 0.8;

/** Warns of an event that is close to what Lambda takes. */
export function warnOfPayload(
  functionName: string,
  requestId: string,
  { byteLength }: Uint8Array,
): void {
  warn(functionName, requestId, 'event', byteLength, MAX_EVENT_BYTES);
}

/** Warns of a buffered answer that is close to what Lambda hands on. */
export function warnOfAnswer(
  functionName: string,
  requestId: string,
  { byteLength }: Uint8Array,
): void {
  warn(functionName, requestId, 'answer', byteLength, MAX_ANSWER_BYTES);
}

/** Warns, once, of a streamed answer that comes close to what Lambda hands on. */
export async function* warnOfStream(
  functionName: string,
  requestId: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  let warned = false;
  for await (const chunk of chunks) {
    length += chunk.byteLength;
    if (!warned && length >= MAX_STREAM_BYTES * NEAR) {
      warned = true;
      warn(functionName, requestId, 'streamed answer', length, MAX_STREAM_BYTES);
    }
    yield chunk;
  }
}

function warn(
  functionName: string,
  requestId: string,
  what: string,
  bytes: number,
  limit: number,
): void {
  if (bytes < limit * NEAR) return;
  const percent = Math.round((bytes / limit) * 100);
  const text = `The ${what} has ${bytes} bytes, ${percent} % of the ${limit} that Lambda allows`;
  const warned: InvocationWarned = { functionName, requestId, text };
  channels.invocationWarned.publish(warned);
}
