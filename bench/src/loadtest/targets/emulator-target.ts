import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../plan.ts';
import type { EmulatorSource, FromEmulator, ToEmulator } from './emulator-process.ts';
import type { LoadRoute } from '../routes.ts';
import { routesOf } from './manifest-routes.ts';
import type { Target } from './target.ts';
import { plainRoute } from './url-target.ts';

const PROGRAM = fileURLToPath(new URL('emulator-process.ts', import.meta.url));

/**
 * Starts an emulator in a process of its own, on free ports. It counts invocations and what Lambda
 * would bill of them.
 *
 * @param direct a function that is also invoked without the router, through the Lambda API: the baseline
 * @throws UsageError with every problem of the manifest or the template, or for a function that is not there
 */
export async function startEmulatorTarget(
  source: EmulatorSource,
  direct: string | undefined,
): Promise<Target> {
  const child = fork(PROGRAM, {
    // A group of its own: Ctrl-C is for the generator, which still waits for answers.
    detached: true,
    // Keeps `undefined` in what is sent.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, LPR_INCLUDE_BATCH_SIZE_HEADER: '1' },
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  };
  try {
    const listening = await ask(child, { type: 'start', source }, 'listening');
    const file = source.template ?? source.config ?? '';
    const memory = new Map(listening.memoryMb);
    const routes = routesOf(listening.operations, listening.url, (name) => ({
      memoryMb: memory.get(name),
    }));
    return {
      description: `the emulator with ${relative(process.cwd(), file)}`,
      routes: direct === undefined ? routes : [invokedRoute(direct, listening), ...routes],
      billing: async () => new Map((await ask(child, { type: 'billing' }, 'billing')).billing),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function invokedRoute(
  name: string,
  { lambdaUrl, memoryMb }: FromEmulator & { type: 'listening' },
): LoadRoute {
  const [, memory] = memoryMb.find(([known]) => known === name) ?? [];
  if (memory === undefined) {
    const names = memoryMb.map(([known]) => `\`${known}\``).join(', ');
    throw new UsageError(`Expected \`--direct\` to be one of ${names}, got \`${name}\``);
  }
  const url = `${lambdaUrl}/2015-03-31/functions/${name}/invocations`;
  const route = plainRoute('direct', 'GET', url, true);
  return { ...route, invoked: true, functionName: name, memoryMb: memory };
}

/** Sends a message and waits for the answer of that type; rejects when the process fails or ends. */
async function ask<Type extends FromEmulator['type']>(
  child: ChildProcess,
  message: ToEmulator,
  type: Type,
): Promise<FromEmulator & { type: Type }> {
  const ended = new AbortController();
  const exited = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`Expected the emulator to run, it ended with ${String(code)}`);
  });
  const answered = once(child, 'message', { signal: ended.signal });
  child.send(message);
  try {
    const [answer] = (await Promise.race([answered, exited])) as [FromEmulator];
    if (answer.type === 'failed') {
      throw answer.usage ? new UsageError(answer.message) : new Error(answer.message);
    }
    if (answer.type !== type) throw new Error(`Expected \`${type}\`, got \`${answer.type}\``);
    return answer as FromEmulator & { type: Type };
  } finally {
    // Whatever has not happened by now is not waited for.
    exited.catch(() => undefined);
    answered.catch(() => undefined);
    ended.abort();
  }
}
