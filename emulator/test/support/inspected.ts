import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startEmulator } from 'lpr-emulator';
import type { Emulator, StartEmulatorOptions } from 'lpr-emulator';
import type {
  BatchDetail,
  BatchSummary,
  RequestDetail,
  Snapshot,
  Update,
} from '../../src/inspector/messages.ts';
import { createProject } from './project.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';

/** Answers as its item says, buffered; writes a line for each invocation. */
export const ECHO = `
export const handler = async (event) => {
  console.log('batch of', event.batch.length);
  return { v: 1, responses: event.batch.map((item) => ({
    id: item.requestContext.requestId,
    statusCode: item.queryStringParameters?.status ? Number(item.queryStringParameters.status) : 200,
    headers: { 'content-type': 'text/plain' },
    body: item.body ?? item.rawPath,
  })) };
};`;

/** Answers each item with a head, a chunk and an end. */
export const STREAM = `
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  for (const { requestContext: { requestId: id }, rawPath } of event.batch) {
    stream.write(JSON.stringify({ type: 'head', id, statusCode: 200, headers: {} }) + '\\n');
    stream.write(JSON.stringify({ type: 'chunk', id, body: rawPath }) + '\\n');
    stream.write(JSON.stringify({ type: 'end', id }) + '\\n');
  }
  stream.write(JSON.stringify({ type: 'end', id: 'nobody' }) + '\\n');
  stream.end();
});`;

export interface RouteSettings {
  readonly function?: string;
  readonly lpr?: object;
}

/** An operation of a function, with small batches. */
export function route({ function: name = 'echo', lpr = {} }: RouteSettings = {}): object {
  const settings = { maxWaitMs: 1000, maxBatchSize: 2, timeoutMs: 20_000, ...lpr };
  return { 'x-target-lambda': ARN + name, 'x-lpr': settings };
}

/** A manifest with `/echo/{name}` and `/stream/{name}`, and more if it is given. */
export function manifestOf(paths: object = {}, functions: object = {}): object {
  const stream = { function: 'stream', lpr: { invokeMode: 'response_stream' } };
  return {
    Spec: {
      paths: {
        '/echo/{name}': { get: route(), post: route() },
        '/stream/{name}': { get: route(stream) },
        ...paths,
      },
    },
    Emulator: {
      Functions: {
        echo: { Handler: 'echo.handler' },
        stream: { Handler: 'stream.handler' },
        ...functions,
      },
    },
  };
}

export interface Inspected {
  readonly emulator: Emulator;
  /** Two requests that share a batch; resolves when both have their answers. */
  pair(path?: string): Promise<void>;
  /** What the inspector answers to a page of its own. */
  get<T>(path: string): Promise<T>;
  /** Everything that a page that begins to listen now is told at first. */
  snapshot(): Promise<Snapshot>;
  batch(summary: BatchSummary | undefined): Promise<BatchDetail>;
  request(id: string | undefined): Promise<RequestDetail>;
}

/** An emulator with the inspector, closed with the test. */
export async function startInspected(
  manifest: object = manifestOf(),
  options: Partial<StartEmulatorOptions> = {},
  files: Record<string, string> = {},
): Promise<Inspected> {
  const { directory } = await createProject({ 'echo.ts': ECHO, 'stream.ts': STREAM, ...files });
  const config = join(directory, 'lpr.yaml');
  await writeFile(config, JSON.stringify(manifest));
  const settings = { host: '127.0.0.1', port: 0, inspector: true, ...options };
  const emulator = await startEmulator({ ...settings, config } as StartEmulatorOptions);
  onTestFinished(() => emulator.close());
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${emulator.inspectorUrl}/api/${path}`);
    if (!response.ok) throw new Error(`Expected ${path}, got ${response.status}`);
    return (await response.json()) as T;
  };
  return {
    emulator,
    get,
    async pair(path = '/echo') {
      const both = ['ada', 'grace'].map((name) => emulator.fetch(`${path}/${name}`));
      await Promise.all(both.map(async (one) => (await one).text()));
      // Requests are over when their connection says so.
      await new Promise(setImmediate);
    },
    snapshot: async () => {
      const events = listen(emulator);
      const first = await events.next();
      events.close();
      return first as Snapshot;
    },
    batch: async (summary) => get(`batches/${summary?.id}`),
    request: async (id) => get(`requests/${id}`),
  };
}

/** The events that a page is told, one after the other. */
export function listen({ inspectorUrl }: Pick<Emulator, 'inspectorUrl'>) {
  const aborted = new AbortController();
  const lines = read(`${inspectorUrl}/api/events`, aborted.signal);
  return {
    async next(): Promise<Update | Snapshot> {
      const { value } = await lines.next();
      return value as Update;
    },
    close: () => aborted.abort(),
  };
}

async function* read(url: string, signal: AbortSignal): AsyncGenerator<Update> {
  const { body } = await fetch(url, { signal });
  let text = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Update;
    }
  }
}
