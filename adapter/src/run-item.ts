import { itemId } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import { AdapterError, AdapterErrorCode } from './errors.ts';
import { awsRequestIdOf, batchItem, itemContext } from './item-context.ts';
import type { AnyHandler } from './item.ts';
import { reportError } from './report.ts';
import { internalError } from './to-response.ts';
import type { ToResponse } from './to-response.ts';

/** What all items of an invocation have in common. */
export interface Invocation {
  readonly handler: AnyHandler;
  readonly toResponse: ToResponse;
  /** Lambda's context as it came; anything, or nothing. */
  readonly context: unknown;
}

/**
 * Answers one item and never rejects: a failing handler or an answer that cannot be sent becomes a 500 and
 * is reported. An item without an id is reported and not run, because nothing could carry its answer.
 */
export async function runItem(
  event: unknown,
  invocation: Invocation,
): Promise<ResponseRecord | undefined> {
  const id = itemId(event);
  if (id === undefined) {
    report(missingId(), undefined, invocation);
    return undefined;
  }
  try {
    const context = itemContext(invocation.context, batchItem(event, id));
    const { handler, toResponse } = invocation;
    return toResponse(id, await handler(event, context));
  } catch (error) {
    report(error, id, invocation);
    return internalError(id);
  }
}

/** Writes down the error of an item, once. */
export function report(error: unknown, requestId: string | undefined, from: Invocation): void {
  reportError('Item failed', error, { requestId, awsRequestId: awsRequestIdOf(from.context) });
}

function missingId(): AdapterError {
  return new AdapterError(
    AdapterErrorCode.ItemWithoutId,
    'requestContext.requestId',
    'a string that is not empty',
    'neither that nor such an `id`',
  );
}
