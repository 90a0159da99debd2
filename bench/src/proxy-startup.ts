import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { median } from './statistics.ts';

/**
 * Measures how long the layer's proxy takes from its start until it listens, which is what it adds to a
 * cold start. The floor is a Node.js that runs an empty script. Needs `npm run build`.
 */
const RUNS = 21;
const BUDGET_MS = 60;
const SCRIPT = fileURLToPath(
  new URL('../../emulator/dist/layer/lpr/lpr-proxy.cjs', import.meta.url),
);

/** An Extensions API that registers whoever comes and never has an event. */
const api = createServer((request, response) => {
  if (request.url?.endsWith('/register') !== true) return;
  response.setHeader('Lambda-Extension-Identifier', 'x').end('{}');
});

await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const apiPort = (api.address() as AddressInfo).port;
if (!existsSync(SCRIPT)) throw new Error(`Expected ${SCRIPT}, got none: run \`npm run build\``);

const floor: number[] = [];
const startup: number[] = [];
for (let run = 0; run < RUNS; run += 1) {
  floor.push(await emptyScript());
  startup.push(await proxyListens());
}
const listening = median(startup);
process.stdout.write(
  `${JSON.stringify({
    runs: RUNS,
    emptyScriptMs: round(median(floor)),
    proxyListensMs: round(listening),
    slowestMs: round(Math.max(...startup)),
    budgetMs: BUDGET_MS,
  })}\n`,
);
api.closeAllConnections();
api.close();
if (listening > BUDGET_MS) process.exitCode = 1;

async function emptyScript(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - start;
}

async function proxyListens(): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, [SCRIPT], {
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${apiPort}`,
      LPR_PROXY_ADDR: `127.0.0.1:${port}`,
    },
    stdio: 'ignore',
  });
  while (!(await listens(port))) await setTimeout(2);
  const duration = performance.now() - start;
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  return duration;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
