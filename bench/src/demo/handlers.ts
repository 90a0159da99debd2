import { setTimeout as sleep } from 'node:timers/promises';
import { withBatchAdapter } from 'lpr-lambda-adapter';
import type { ItemEvent } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';

/** The function as it is without the router: one request, one invocation. */
export async function direct(event: Pick<ItemEvent, 'pathParameters'>) {
  // Stands for a call to a database: time in which a function that has one request waits.
  await sleep(20);
  const name = event.pathParameters?.['name'] ?? 'world';
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hello: name }),
  };
}

export const buffered = withBatchAdapter(direct);

export const streaming = withBatchAdapterStream(direct);
