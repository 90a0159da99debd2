import { setTimeout as sleep } from 'node:timers/promises';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';

/** `?delayMs=` makes one request slow: its neighbours in the batch do not wait for it. */
export const handler = withBatchAdapterStream(async (event) => {
  const name = event.pathParameters?.['name'] ?? 'world';
  const delayMs = Number(event.queryStringParameters?.['delayMs'] ?? 20);
  await sleep(Math.min(delayMs, 5000));
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hello: name, delayMs }),
  };
});
