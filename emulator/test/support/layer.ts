import { channels } from '../../src/functions/channels.ts';
import type { FunctionLogged, InvocationEnded } from '../../src/functions/channels.ts';
import { startEmulator } from 'lpr-emulator';
import type { Emulator } from 'lpr-emulator';
import { onTestFinished } from 'vitest';
import { createProject } from './project.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:app';

/** An emulator with one function behind the layer. */
export interface LayerSetup {
  readonly emulator: Emulator;
  readonly ended: InvocationEnded[];
  readonly log: string[];
  get(path: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly batchSize: string | null;
}

/** Starts `files` behind `GET /{name}` with batches of four. */
export async function startLayer(
  files: Record<string, string>,
  settings: object,
  { operation = {}, timeoutMs = 20_000 }: { operation?: object; timeoutMs?: number } = {},
): Promise<LayerSetup> {
  const { directory } = await createProject(files);
  const lpr = {
    maxWaitMs: 2000,
    maxBatchSize: 4,
    timeoutMs,
    invokeMode: 'response_stream',
    ...operation,
  };
  const manifest = {
    Spec: { paths: { '/{name}': { get: { 'x-target-lambda': ARN, 'x-lpr': lpr } } } },
    Emulator: { Functions: { app: { Handler: 'app.handler', Mode: 'layer', ...settings } } },
  };
  const ended: InvocationEnded[] = [];
  const log: string[] = [];
  const onEnded = (message: unknown): void => void ended.push(message as InvocationEnded);
  const onLog = (message: unknown): void => void log.push((message as FunctionLogged).text);
  channels.invocationEnded.subscribe(onEnded);
  channels.logged.subscribe(onLog);
  const { writeFile } = await import('node:fs/promises');
  const config = `${directory}/lpr.yaml`;
  await writeFile(config, JSON.stringify(manifest));
  const emulator = await startEmulator({ config, port: 0 });
  onTestFinished(async () => {
    await emulator.close();
    channels.invocationEnded.unsubscribe(onEnded);
    channels.logged.unsubscribe(onLog);
  });
  return {
    emulator,
    ended,
    log,
    async get(path) {
      const response = await fetch(emulator.url + path);
      const batchSize = response.headers.get('x-lpr-batch-size');
      return { status: response.status, body: await response.text(), batchSize };
    },
  };
}
