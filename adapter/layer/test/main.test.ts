import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answersIn, batchOf } from './support/proxy.ts';
import { RealRuntimeApi } from './support/real-runtime-api.ts';
import { RuntimeWorker } from './support/runtime.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const MEGABYTE = 1_048_576;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The program as the extension starts it. */
async function startProgram(port: number) {
  const api = await RealRuntimeApi.start();
  let waiting: ServerResponse | undefined;
  const calls: string[] = [];
  api.intercept = (request, response) => {
    if (request.url?.startsWith('/2020-01-01/extension/') !== true) return false;
    calls.push(`${request.method} ${request.url.slice('/2020-01-01/extension/'.length)}`);
    response.setHeader('Lambda-Extension-Identifier', 'x');
    if (request.url.endsWith('event/next')) waiting = response;
    else response.end('{}');
    return true;
  };
  const program = spawn(process.execPath, [MAIN], {
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}`,
      LPR_PROXY_ADDR: `127.0.0.1:${port}`,
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
    },
  });
  let output = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | null>((resolve) => program.once('close', resolve));
  const worker = new RuntimeWorker(`127.0.0.1:${port}`);
  onTestFinished(async () => {
    worker[Symbol.dispose]();
    program.kill('SIGKILL');
    await exited;
    await api[Symbol.asyncDispose]();
  });
  return {
    api,
    calls,
    worker,
    program,
    exited,
    output: () => output,
    shutDown: () => waiting?.end('{"eventType":"SHUTDOWN"}'),
  };
}

describe('the program of the extension', () => {
  it.each(['SIGTERM', 'SHUTDOWN'])('answers what is open and ends well at %s', async (how) => {
    const { api, calls, worker, program, exited, shutDown } = await startProgram(await freePort());
    await api.until(() => calls.length === 2);
    expect(calls).toEqual(['POST register', 'GET event/next']);
    api.offer({ id: 'outer', body: batchOf('r-1', 'r-2') });
    await worker.next();
    await worker.respond('r-1', '1');
    await worker.next();
    if (how === 'SIGTERM') program.kill('SIGTERM');
    else shutDown();
    const answers = answersIn((await api.received('outer/response')).body.toString());
    expect([...answers.values()].map(({ statusCode }) => statusCode)).toEqual([200, 502]);
    expect(await exited).toBe(0);
  });

  it('reports that it could not start, in the log format of the function', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { exited, calls, output } = await startProgram((taken.address() as AddressInfo).port);
    expect(await exited).toBe(1);
    expect(calls).toEqual(['POST register', 'POST init/error']);
    expect(JSON.parse(output())).toMatchObject({
      level: 'ERROR',
      message: expect.stringContaining('EADDRINUSE') as string,
    });
  });

  it('passes 6 MB each way without holding them several times', async () => {
    const { api, calls, worker, program } = await startProgram(await freePort());
    await api.until(() => calls.length === 2);
    const peak = (): number =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1]) /
      1024;
    api.offer({ id: 'warm', body: '{}' });
    await worker.next();
    await worker.respond('warm', '{}');
    const before = peak();
    const body = Buffer.alloc(6 * MEGABYTE - 100, 'x');
    api.offer({ id: 'large', body });
    expect((await worker.next()).body.length).toBe(body.length);
    await worker.respond('large', body);
    expect((await api.received('large/response')).body.equals(body)).toBe(true);
    // Once the event; the pieces in which both travel, until they are collected.
    expect(peak() - before).toBeLessThan(30);
  });
});
