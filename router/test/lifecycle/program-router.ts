import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BatchEvent } from 'lpr-protocol';
import { onTestFinished } from 'vitest';
import { startProgram } from '../commands/program.ts';
import { lambdaEnvironment } from '../contract/lambda.ts';

/** A Lambda API on a socket with a batch function behind every name. */
export async function startFunction(answer: (event: BatchEvent) => unknown) {
  const events: BatchEvent[] = [];
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const event = JSON.parse(body) as BatchEvent;
      events.push(event);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(await answer(event)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events };
}

export interface ProgramSetUp {
  readonly paths: Record<string, unknown>;
  readonly settings?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly answer: (event: BatchEvent) => unknown;
}

/** The program `lpr-router` in a process of its own, listening, before such a function. */
export async function startProgramRouter({ paths, settings, env, answer }: ProgramSetUp) {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-program-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const location = join(folder, 'router.json');
  const manifest = { ListenAddr: '127.0.0.1:0', ...settings, Spec: { paths } };
  await writeFile(location, JSON.stringify(manifest));
  const lambda = await startFunction(answer);
  const environment = { ...lambdaEnvironment(lambda.url), ...env };
  const program = startProgram(['--config', location], environment);
  const { url } = await program.logged('listening');
  const { logged, ended } = program;
  return {
    url: String(url),
    events: lambda.events,
    ended,
    logged: (message: string) => logged(message),
    signal: (name: NodeJS.Signals) => void program.signal(name),
  };
}
