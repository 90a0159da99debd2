import { vi } from 'vitest';

/** One line that the adapter logged. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly requestId?: string;
  readonly awsRequestId?: string;
  readonly error: { readonly name?: string; readonly message: string; readonly code?: string };
}

/** Takes the log away from the console and collects its lines, parsed; vitest restores it when disposed. */
export function captureLog(): { readonly lines: LogLine[] } & Disposable {
  const lines: LogLine[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line: unknown) => {
    lines.push(JSON.parse(String(line)) as LogLine);
  });
  return { lines, [Symbol.dispose]: () => spy.mockRestore() };
}
