const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Runs `body` and gives, with its result, what was logged meanwhile through `console`, stdout and stderr. */
export async function captureLogs<T>(
  body: () => Promise<T>,
): Promise<{ readonly result: T; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const restores = [
    ...METHODS.map((method) =>
      replace(
        console,
        method,
        (...values) => void lines.push(values.map((value) => asText(value)).join(' ')),
      ),
    ),
    ...[process.stdout, process.stderr].map((stream) =>
      replace(stream, 'write', (chunk) => lines.push(asText(chunk)) > 0),
    ),
  ];
  try {
    return { result: await body(), lines };
  } finally {
    for (const restore of restores) restore();
  }
}

function replace<K extends string>(
  target: Record<K, unknown>,
  name: K,
  by: (...values: unknown[]) => unknown,
): () => void {
  const original = target[name];
  target[name] = by;
  return () => {
    target[name] = original;
  };
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return JSON.stringify(value) ?? String(value);
}
