import type { Agent } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { send, startProgram } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

const OURS = packageFile('lpr-emulator', 'bin', 'lpr-emulator.mjs');
const LAMBDA_LOCAL = packageFile('lambda-local', 'build', 'cli.js');

export const startLprEmulator: StartEmulator = async (folder) => {
  const args = [OURS, '--port', '0', '--lambda-port', '0'];
  const { match, stop } = await startProgram(args, folder, /Listening at (http[^\s,]+)/);
  const url = `${match}/hello`;
  return { url, ask: (agent) => send(url, { agent }), [Symbol.asyncDispose]: stop };
};

/** The neighbour: it takes the event from the body and answers with what the handler's `body` is. */
export const startLambdaLocal: StartEmulator = async (folder) => {
  const args = [LAMBDA_LOCAL, '-l', 'app.js', '--watch', String(await freePort())];
  const { match, stop } = await startProgram(args, folder, /listening on (http\S+)/);
  const body = '{"event":{}}';
  const ask = async (agent?: Agent): Promise<string> =>
    JSON.parse(await send(match, { agent, body })) as string;
  return { url: match, ask, [Symbol.asyncDispose]: stop };
};

function packageFile(name: string, ...path: readonly string[]): string {
  return join(dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))), ...path);
}

/** A port that nobody listens on at the moment, for programs that do not choose one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
