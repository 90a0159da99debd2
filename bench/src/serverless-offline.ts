import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './emulator-contestants.ts';
import { send, startProgram } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

/** The last ones that run without an account: version 4 of `serverless`, which newer ones need, asks for one. */
export const SERVERLESS_VERSIONS = { serverless: '3.40.0', 'serverless-offline': '13.10.1' };

const FOLDER = fileURLToPath(
  new URL('../../node_modules/.cache/serverless-offline', import.meta.url),
);

/**
 * Installs it once, below `node_modules`: 636 packages, some deprecated, which nobody should get with this
 * project. Resolves to why that failed, if it did.
 */
export async function installServerlessOffline(): Promise<string | undefined> {
  const packages = Object.entries(SERVERLESS_VERSIONS).map(
    ([name, version]) => `${name}@${version}`,
  );
  const stamp = join(FOLDER, packages.join(' '));
  if (existsSync(stamp)) return undefined;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), '{"private":true}');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages];
  try {
    await promisify(execFile)('npm', args, { cwd: FOLDER });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  await writeFile(stamp, '');
  return undefined;
}

/** Starts it; `flags` such as `--reloadHandler` go to `serverless offline`. */
export const startServerlessOffline =
  (...flags: readonly string[]): StartEmulator =>
  async (folder) => {
    const [httpPort, lambdaPort, albPort] = [await freePort(), await freePort(), await freePort()];
    const ports = { httpPort, lambdaPort, albPort, noPrependStageInUrl: true };
    const service = {
      service: 'bench',
      provider: { name: 'aws', runtime: 'nodejs20.x' },
      plugins: ['serverless-offline'],
      custom: { 'serverless-offline': ports },
      functions: { hello: { handler: 'app.handler', events: [{ httpApi: 'GET /hello' }] } },
    };
    await writeFile(join(folder, 'serverless.json'), JSON.stringify(service));
    await symlink(join(FOLDER, 'node_modules'), join(folder, 'node_modules'));
    const program = join(FOLDER, 'node_modules', 'serverless', 'bin', 'serverless.js');
    const args = [program, 'offline', ...flags];
    const { match, stop } = await startProgram(args, folder, /Server ready: (http\S+)/);
    const url = `${match}/hello`;
    return { url, ask: (agent) => send(url, { agent }), [Symbol.asyncDispose]: stop };
  };
