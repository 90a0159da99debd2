import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startRuntimeApi } from './runtime-api.ts';
import type { RuntimeApi } from './runtime-api.ts';

const require = createRequire(import.meta.url);
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A function that AWS's own runtime client runs, in a process of its own. */
export interface RunningFunction extends AsyncDisposable {
  readonly invoke: RuntimeApi['invoke'];
  /** What it has logged. */
  readonly lines: readonly string[];
}

export type Format = 'esm' | 'cjs';

/** Bundles `handlers.ts` as users bundle functions; the folder that it is in. */
export async function bundleHandlers(format: Format): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-runtime-'));
  await build({
    entryPoints: [source('handlers.ts')],
    outfile: join(folder, format === 'esm' ? 'handlers.mjs' : 'handlers.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format,
    logLevel: 'error',
    // CommonJS packages inside an ESM bundle ask for it.
    ...(format === 'esm' && {
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
  });
  return folder;
}

/** Runs `handlers.<name>` of a folder under `aws-lambda-ric`. */
export async function startFunction(
  folder: string,
  name: string,
  environment: Record<string, string> = {},
): Promise<RunningFunction> {
  const client = runtimeClient();
  const api = await startRuntimeApi();
  const child = spawn(process.execPath, [client, `handlers.${name}`], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      _HANDLER: `handlers.${name}`,
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'x',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/x',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      ...environment,
    },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => lines.push(line));
  }
  const exited = once(child, 'exit');
  const died = exited.then(([code]) => {
    throw new Error(`The runtime client exited with ${String(code)}:\n${lines.join('\n')}`);
  });
  died.catch(() => undefined);
  return {
    invoke: (...parameters) => Promise.race([api.invoke(...parameters), died]),
    lines,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Removes a folder of {@link bundleHandlers}. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** The path of AWS's client, whose native part npm builds while it installs; npm leaves it out where it cannot. */
function runtimeClient(): string {
  try {
    const folder = dirname(require.resolve('aws-lambda-ric/package.json'));
    accessSync(join(folder, 'rapid-client.node'));
    return join(folder, 'index.mjs');
  } catch (cause) {
    const command = 'apt-get install cmake g++ make python3 xz-utils && npm install';
    throw new Error(`Expected \`aws-lambda-ric\` to be built: run \`${command}\``, { cause });
  }
}
