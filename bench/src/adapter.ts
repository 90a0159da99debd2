import { execFileSync } from 'node:child_process';
import type { ItemContext, ItemEvent } from 'lpr-lambda-adapter';

/**
 * What the adapter costs: how long an import of it takes in a fresh process, and what it adds to each item over
 * calling the handler directly, with batches of 16. Run it with `node bench/src/adapter.ts` after a build.
 */
const ENTRIES = ['lpr-lambda-adapter', 'lpr-lambda-adapter/stream'];
const FRESH_PROCESSES = 11;
const BATCH = 16;
const BATCHES = 20_000;
const ROUNDS = 7;

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

/** Milliseconds of one import in a process of its own. */
function importMs(entry: string): number {
  const script = `const start = performance.now(); await import('${entry}'); console.log(performance.now() - start)`;
  const args = ['--input-type=module', '--eval', script];
  return Number(execFileSync(process.execPath, args, { cwd: import.meta.dirname }).toString());
}

function itemEvent(index: number): ItemEvent {
  const requestId = `r-${index}`;
  const deadlineMs = Date.now() + 3_600_000;
  const requestContext = { requestId, http: { method: 'GET', path: '/' }, lpr: { deadlineMs } };
  return { rawPath: '/', headers: { host: 'example.com' }, requestContext } as never;
}

/** Microseconds per item of answering batches so. */
async function microsPerItem(answer: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < BATCHES; count += 1) await answer();
  return ((performance.now() - start) * 1_000) / BATCHES / BATCH;
}

const { withBatchAdapter, withBatchAdapterStream } = await import('lpr-lambda-adapter');
const handler = async (event: ItemEvent, _context?: ItemContext) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: event.rawPath,
});
const batch = Array.from({ length: BATCH }, (_, index) => itemEvent(index));
const context = { awsRequestId: 'aws-1', getRemainingTimeInMillis: () => 3_600_000 };
const sink = { write: () => true, end: () => undefined };
const buffered = withBatchAdapter(handler);
const streamed = withBatchAdapterStream(handler);

const contestants: Record<string, () => Promise<unknown>> = {
  'the handler itself': () => Promise.all(batch.map((event) => handler(event))),
  withBatchAdapter: () => buffered({ v: 1, batch }, context),
  withBatchAdapterStream: () => streamed({ v: 1, batch }, sink, context),
};
const figures = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  const order = Object.entries(contestants);
  for (const [name, answer] of round % 2 === 0 ? order : order.toReversed()) {
    figures.get(name)!.push(await microsPerItem(answer));
  }
}
const print = (line: string) => process.stdout.write(`${line}\n`);
for (const entry of ENTRIES) {
  const ms = median(Array.from({ length: FRESH_PROCESSES }, () => importMs(entry)));
  print(`import of ${entry}: ${ms.toFixed(2)} ms`);
}
const floor = median(figures.get('the handler itself')!);
for (const [name, micros] of figures) {
  print(
    `${name}: ${median(micros).toFixed(2)} µs per item (+${(median(micros) - floor).toFixed(2)})`,
  );
}
