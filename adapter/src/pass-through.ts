import { isBatchEvent } from 'lpr-protocol';
import type { BatchLike } from 'lpr-protocol';
import { AdapterError } from './errors.ts';
import type { Settings } from './options.ts';
import { isRaw, isResponse, readAnswer } from './read-answer.ts';
import { toBody } from './to-chunks.ts';
import { toHead } from './to-response.ts';

/** As much of Middy's third argument as tells it. */
interface Engine {
  readonly signal?: unknown;
}

/**
 * Whether an event is a batch. Refuses what would be answered wrongly: a batch that came through a middleware
 * engine, which took it for one request, and with `passthrough: false` an event that is no batch.
 * @throws AdapterError `LPR_WRONG_ORDER`, `LPR_NOT_A_BATCH`.
 */
export function checkBatch(
  event: unknown,
  { passthrough = true }: Settings,
  third?: unknown,
): event is BatchLike {
  if (!isBatchEvent(event)) {
    if (!passthrough) {
      throw new AdapterError('LPR_NOT_A_BATCH', 'a batch');
    }
    return false;
  }
  // Middy calls with a third argument of its own, Lambda's runtime with none or a function.
  if ((third as Engine | null | undefined)?.signal) {
    throw new AdapterError('LPR_WRONG_ORDER', '`withBatchAdapter(middy(handler))`');
  }
  return true;
}

/** An answer to an event that is no batch: as it is, unless Lambda could not write it as JSON. */
export async function passThrough(answer: unknown): Promise<unknown> {
  const raw = readAnswer(answer);
  return isResponse(answer) || isRaw(raw.body)
    ? { ...toHead(raw), ...(await toBody(raw, {})) }
    : answer;
}
