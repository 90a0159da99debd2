import { isBatchEvent } from 'lpr-protocol';
import { AdapterError } from './errors.ts';
import type { Settings } from './options.ts';
import { isBody, isObject, isResponse, isStreamed, readAnswer } from './read-answer.ts';
import { toRecord } from './to-record.ts';
import { wrongOrder } from './wrong-order.ts';

/**
 * Refuses what would be answered wrongly: a batch that came through a middleware engine, which took it for one
 * request, and with `passthrough: false` an event that is no batch.
 * @throws AdapterError `LPR_WRONG_ORDER`, `LPR_NOT_A_BATCH`.
 */
export function checkEvent(
  event: unknown,
  { passthrough }: Settings,
  rest: readonly unknown[],
): void {
  if (!isBatchEvent(event)) {
    if (!passthrough) {
      throw new AdapterError('LPR_NOT_A_BATCH', 'event', 'a batch', 'another');
    }
    // Middy calls with a third argument of its own, Lambda's runtime with none or a function.
  } else if (isObject(rest[0]) && 'signal' in rest[0]) {
    throw wrongOrder('`withBatchAdapter(middy(handler))`, not the other way round');
  }
}

/** An answer to an event that is no batch: as it is, unless Lambda could not write it as JSON. */
export async function passThrough(answer: unknown): Promise<unknown> {
  const raw = readAnswer(answer);
  return isResponse(answer) || isStreamed(raw.body) || isBody(raw.body)
    ? { ...(await toRecord('', raw)), id: undefined }
    : answer;
}
