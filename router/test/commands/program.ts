import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const CLI = new URL('../../src/cli.ts', import.meta.url).href;

/** The program `lpr-router` in a process of its own, from its sources; killed with the test. */
export function startProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const code = `(await import(${JSON.stringify(CLI)})).main(process.argv.slice(1))`;
  const words = [process.execPath, '--input-type=module', '--eval', code, '--', ...args];
  return startProcess(words, { env: { ...process.env, LPR_CONFIG_URI: '', ...env } });
}

/** A process that logs lines of JSON; killed with the test. */
export function startProcess(
  [command, ...args]: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
) {
  const child = spawn(command!, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number | null,
    out,
    err,
  }));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ended,
    stopReading: () => void child.stdout.destroy(),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Reads on to the next log line with this message. */
    async logged(message: string): Promise<Record<string, unknown>> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`Expected \`${message}\`, got the end of the program:\n${err}`);
        const line = JSON.parse(value) as Record<string, unknown>;
        if (line['msg'] === message) return line;
      }
    },
  };
}
