import type { Settings } from './settings.ts';

/** Writes one line of the proxy's own log; `fields` are its particulars. */
export type Log = (
  level: 'INFO' | 'WARN' | 'ERROR',
  message: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

/** Makes a log in the format of `AWS_LAMBDA_LOG_FORMAT`. `write` gets each line with its newline. */
export function createLog(format: Settings['logFormat'], write: (line: string) => void): Log {
  return (level, message, fields) => {
    if (format === 'json') {
      const timestamp = new Date().toISOString();
      const source = 'lpr-runtime-api-proxy';
      write(`${JSON.stringify({ timestamp, level, source, message, ...fields })}\n`);
      return;
    }
    const more = Object.entries(fields ?? {}).map(([name, value]) => ` ${name}=${value}`);
    write(`lpr-runtime-api-proxy ${level} ${message}${more.join('')}\n`);
  };
}
