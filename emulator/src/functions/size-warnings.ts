import { MAX_ANSWER_BYTES, MAX_EVENT_BYTES } from '../limits.ts';
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
