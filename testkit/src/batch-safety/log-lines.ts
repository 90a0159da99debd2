import { AsyncLocalStorage } from 'node:async_hooks';

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** The lines of whichever capture the running code belongs to. */
const capture = new AsyncLocalStorage<string[]>();
const open = new Set<string[]>();
let restores: (() => void)[] = [];

/**
 * Runs `body` and gives, with its result, what was logged by it through `console`, stdout and stderr. Several may run
 * at a time: each line goes to the capture in whose async context it was logged. One that was logged in none, as by a
 * logger with a timer of its own, is printed, and counted where there is no doubt whose it is.
 */
export async function captureLogs<T>(
  body: () => Promise<T>,
): Promise<{ readonly result: T; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  if (open.size === 0) restores = takeOver();
  open.add(lines);
  try {
    return { result: await capture.run(lines, body), lines };
  } finally {
    open.delete(lines);
    if (open.size === 0) for (const restore of restores) restore();
  }
}

function takeOver(): (() => void)[] {
  const ofConsole = METHODS.map((method) =>
    replace(console, method, (values) => values.map((value) => asText(value)).join(' ')),
  );
  const ofStreams = [process.stdout, process.stderr].map((stream) =>
    replace(stream, 'write', ([chunk]) => asText(chunk), wakeWriter),
  );
  return [...ofConsole, ...ofStreams];
}

/** Replaces a method by one that captures the text of its arguments. */
function replace<K extends string>(
  target: Record<K, unknown>,
  name: K,
  textOf: (values: unknown[]) => string,
  instead: (values: unknown[]) => unknown = () => undefined,
): () => void {
  const original = target[name] as (...values: unknown[]) => unknown;
  target[name] = (...values: unknown[]) => {
    const lines = capture.getStore();
    if (lines && open.has(lines)) {
      lines.push(textOf(values));
      return instead(values);
    }
    if (open.size === 1) for (const only of open) only.push(textOf(values));
    return original.apply(target, values);
  };
  return () => {
    target[name] = original;
  };
}

/** Who gives `write` a callback waits for it. */
function wakeWriter(values: unknown[]): boolean {
  const written = values.at(-1);
  if (typeof written === 'function') process.nextTick(written);
  return true;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return JSON.stringify(value) ?? String(value);
}
