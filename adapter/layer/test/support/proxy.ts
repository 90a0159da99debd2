import { startProxy } from '../../src/proxy-server.ts';
import type { RuntimeApiProxy } from '../../src/proxy-server.ts';
import { RealRuntimeApi } from './real-runtime-api.ts';
import { RuntimeWorker } from './runtime.ts';

/** A proxy between a real Runtime API and workers of a runtime. */
export interface Setup extends AsyncDisposable {
  readonly api: RealRuntimeApi;
  readonly proxy: RuntimeApiProxy;
  readonly log: string[];
  worker(): RuntimeWorker;
}

export async function setUp(maxConcurrency?: number): Promise<Setup> {
  const api = await RealRuntimeApi.start();
  const log: string[] = [];
  const proxy = await startProxy(
    {
      upstream: { host: '127.0.0.1', port: api.port },
      listen: { host: '127.0.0.1', port: 0 },
      maxConcurrency,
      logFormat: 'text',
    },
    (level, message) => log.push(`${level} ${message}`),
  );
  const workers: RuntimeWorker[] = [];
  return {
    api,
    proxy,
    log,
    worker() {
      const worker = new RuntimeWorker(proxy.address);
      workers.push(worker);
      return worker;
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) worker[Symbol.dispose]();
      await proxy.close('The test is over');
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Streams are asked for with it. */
export const STREAM = { 'Lambda-Runtime-Function-Response-Mode': 'streaming' };

/** A batch of these items; a text is an item's id. */
export function batchOf(...items: readonly (string | object)[]): string {
  const batch = items.map((item) =>
    typeof item === 'string' ? { requestContext: { requestId: item } } : item,
  );
  return JSON.stringify({
    v: 1,
    meta: { router: 'lambda-parallel-router', route: '/x', receivedAtMs: 0 },
    batch,
  });
}

/** An item with a deadline in `milliseconds`. */
export function due(id: string, milliseconds: number): object {
  return { requestContext: { requestId: id, lpr: { deadlineMs: Date.now() + milliseconds } } };
}

/** The answers in a buffered document or in NDJSON, by id. */
export function answersIn(text: string): Map<string, { statusCode: number; body: string }> {
  type Answer = { id: string; statusCode: number; body: string };
  const answers: Answer[] = text.startsWith('{"v":1,"responses"')
    ? (JSON.parse(text) as { responses: Answer[] }).responses
    : text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Answer);
  return new Map(answers.map((answer) => [answer.id, answer]));
}
