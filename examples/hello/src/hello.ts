import { setTimeout as sleep } from 'node:timers/promises';
import { withBatchAdapter } from 'lpr-lambda-adapter';

/** An ordinary handler: one request in, one answer out. The wrapper answers the batch. */
export const handler = withBatchAdapter(async (event) => {
  const name = event.pathParameters?.['name'] ?? 'world';
  await sleep(20); // stands for a call to a database
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hello: name }),
  };
});
