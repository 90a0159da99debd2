import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a measured process says of itself when it is asked. */
export interface Usage {
  /** User and system time so far. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Of the Lambda endpoint: what it was asked so far. Of the invoker process: what it invoked. */
  readonly invocations: number;
  readonly items: number;
}

/** A process of the bench. */
export interface Child {
  readonly pid: number;
  /** Resolves to the next message of that type. */
  message<T>(type: string): Promise<T>;
  usage(): Promise<Usage>;
  /** Rejects when it ends by itself. */
  readonly died: Promise<never>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for a CPU profile. */
  readonly cpuProfiles?: string | undefined;
  readonly name: string;
}

const PRELOAD = new URL('./processes/usage.ts', import.meta.url).href;

/** Starts a program that can be asked for its usage; it is told to stop by SIGINT. */
export function startChild({ program, args = [], env, cpuProfiles, name }: ChildOptions): Child {
  const profile = cpuProfiles && [
    '--cpu-prof',
    `--cpu-prof-dir=${cpuProfiles}`,
    `--cpu-prof-name=${name.replaceAll(' ', '-')}.cpuprofile`,
  ];
  const child = fork(program, args, {
    execArgv: ['--import', PRELOAD, ...(profile || [])],
    env: { ...process.env, NODE_ENV: 'production', ...AWS_ENVIRONMENT, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let stopping = false;
  const died = Promise.withResolvers<never>();
  // Whoever awaits it hears of it; whoever has what it wanted need not.
  died.promise.catch(() => {});
  child.once('exit', (code, signal) => {
    if (!stopping) died.reject(new Error(`${name} ended by itself (${signal ?? code})`));
  });
  const message = <T>(type: string) => Promise.race([nextMessage<T>(child, type), died.promise]);
  return {
    pid: child.pid ?? 0,
    message,
    usage() {
      const answer = message<Usage>('usage');
      child.send({ type: 'usage' });
      return answer;
    },
    died: died.promise,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(forced);
    },
  };
}

/** The path of one of the bench's own programs. */
export function ownProgram(name: string): string {
  return fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));
}

const AWS_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  // Nothing of whoever runs the bench: no profile, no other endpoint.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

function nextMessage<T>(child: ChildProcess, type: string): Promise<T> {
  return new Promise((resolve) => {
    const listener = (message: unknown) => {
      if ((message as { type?: unknown }).type !== type) return;
      child.off('message', listener);
      resolve(message as T);
    };
    child.on('message', listener);
  });
}
