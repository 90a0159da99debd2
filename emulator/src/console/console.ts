/** How lines are printed. */
export const LOG_FORMATS = ['pretty', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** From the fewest lines to the most. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface ConsoleOptions {
  readonly format: LogFormat;
  readonly level: LogLevel;
  /** Everything to standard error: standard output belongs to another program. */
  readonly errorOnly?: boolean;
}

/** Prints a line; `fields` are for machines and stand in JSON only. */
export type Print = (
  level: LogLevel,
  text: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** Makes what the program prints its lines with. */
export function createConsole({ format, level, errorOnly = false }: ConsoleOptions): Print {
  const most = LOG_LEVELS.indexOf(level);
  return (severity, text, fields) => {
    if (LOG_LEVELS.indexOf(severity) > most) return;
    const toError =
      errorOnly || (format === 'pretty' && (severity === 'error' || severity === 'warn'));
    const stream = toError ? process.stderr : process.stdout;
    stream.write(`${format === 'pretty' ? text : toJson(severity, text, fields)}\n`);
  };
}

function toJson(level: LogLevel, message: string, fields: object | undefined): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    level,
    message: message.trim(),
    ...fields,
  });
}
