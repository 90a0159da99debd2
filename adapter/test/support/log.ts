import { vi } from 'vitest';

/** One line that the adapter logged. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly requestId?: string;
  readonly awsRequestId?: string;
  /** As `inspect` writes it. */
  readonly error: string;
}

/** What the error of a line says. */
export function messageOf(line: LogLine | undefined): string | undefined {
  return line && /^(?:<ref \*1> )?\w+: (.*)/.exec(line.error)?.[1];
}

/** The code of the error of a line. */
export function codeOf(line: LogLine | undefined): string | undefined {
  return line && /\bcode: '(\w+)'/.exec(line.error)?.[1];
}

/** Takes the log away from the console and collects its lines, parsed; vitest restores it when disposed. */
export function captureLog(): { readonly lines: LogLine[] } & Disposable {
  const lines: LogLine[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line: unknown) => {
    lines.push(JSON.parse(String(line)) as LogLine);
  });
  return { lines, [Symbol.dispose]: () => spy.mockRestore() };
}
