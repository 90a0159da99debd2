import { format } from 'node:util';
import type { LogLevel } from '../functions/channels.ts';

/** Takes a line of output; `false` lets it go where it would have gone. */
export type OutputSink = (level: LogLevel, text: string) => boolean;

const METHODS = {
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  debug: 'DEBUG',
  trace: 'TRACE',
} as const satisfies Partial<Record<keyof Console, LogLevel>>;

/**
 * Offers what is written to the console, standard output and standard error of this thread to `sink`,
 * with the levels that Lambda's runtime gives them. Returns what ends it.
 */
export function captureOutput(sink: OutputSink): () => void {
  const target = globalThis.console;
  const restore: (() => void)[] = [];
  // The console writes to these streams itself what `sink` has just seen.
  let seen = false;
  for (const [name, level] of Object.entries(METHODS) as [keyof typeof METHODS, LogLevel][]) {
    const original = target[name];
    target[name] = (...args: unknown[]) => {
      if (sink(level, format(...args))) return;
      seen = true;
      try {
        Reflect.apply(original, target, args);
      } finally {
        seen = false;
      }
    };
    restore.push(() => {
      target[name] = original;
    });
  }
  for (const [stream, level] of [
    [process.stdout, 'INFO'],
    [process.stderr, 'ERROR'],
  ] as const) {
    const write: typeof stream.write = Reflect.get(stream, 'write');
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      if (seen || !sink(level, text.replace(/\r?\n$/, ''))) {
        return Reflect.apply(write, stream, [chunk, ...rest]) as boolean;
      }
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
    restore.push(() => {
      stream.write = write;
    });
  }
  return () => {
    for (const undo of restore) undo();
  };
}
