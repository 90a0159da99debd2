import { setTimeout as sleep } from 'node:timers/promises';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
import { pageOf } from './answer.ts';

const MAX_EVENTS = 20;
const MAX_DELAY_MS = 1000;

/** Server-sent events, of all requests of a batch in turns: `?events=5&delayMs=200`. */
export const handler = withBatchAdapterStream((event) => {
  const { events = '5', delayMs = '200' } = event.queryStringParameters ?? {};
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    body: ticks(pageOf(event), bounded(events, MAX_EVENTS), bounded(delayMs, MAX_DELAY_MS)),
  };
});

async function* ticks(page: string, events: number, delayMs: number) {
  for (let id = 1; id <= events; id += 1) {
    if (id > 1) await sleep(delayMs);
    yield `id: ${id}\ndata: ${JSON.stringify({ page, tick: id })}\n\n`;
  }
}

function bounded(text: string, max: number): number {
  const number = Number(text);
  return Number.isFinite(number) ? Math.min(Math.max(number, 0), max) : max;
}
