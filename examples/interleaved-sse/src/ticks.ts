import { setTimeout as sleep } from 'node:timers/promises';
import { currentItem } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';

/** Server-sent events: every client of the batch reads its own stream, out of one invocation. */
export const handler = withBatchAdapterStream(async (event) => {
  const name = event.pathParameters?.['name'] ?? 'world';
  const count = Math.min(Number(event.queryStringParameters?.['count'] ?? 5), 50);
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    body: ticks(name, count),
  };
});

/** A body that is read piece by piece; each piece is one event, and reaches its client at once. */
async function* ticks(name: string, count: number): AsyncGenerator<string> {
  const { signal } = currentItem()!;
  for (let tick = 1; tick <= count; tick += 1) {
    await sleep(100, undefined, { signal });
    yield `id: ${tick}\nevent: tick\ndata: ${JSON.stringify({ name, tick })}\n\n`;
  }
  yield 'event: done\ndata: {}\n\n';
}
