/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the proxy is told by its environment. */
export interface Settings {
  /** The real Runtime API; the Extensions API is at the same place. */
  readonly upstream: Address;
  /** Where the function's runtime finds the proxy. */
  readonly listen: Address;
  /** Most items that run at once; `undefined`: as many as the runtime polls for. */
  readonly maxConcurrency: number | undefined;
  readonly logFormat: 'json' | 'text';
}

/** Where the wrapper and the proxy meet unless `LPR_PROXY_ADDR` says otherwise. */
export const DEFAULT_PROXY_ADDRESS = '127.0.0.1:9009';

/** Reads the settings. Throws an error that names the variable and what it should have been. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    upstream: parseAddress('AWS_LAMBDA_RUNTIME_API', env['AWS_LAMBDA_RUNTIME_API'] ?? ''),
    listen: parseAddress('LPR_PROXY_ADDR', env['LPR_PROXY_ADDR'] || DEFAULT_PROXY_ADDRESS),
    maxConcurrency: parseConcurrency(env['LPR_MAX_CONCURRENCY']),
    logFormat: env['AWS_LAMBDA_LOG_FORMAT']?.toUpperCase() === 'JSON' ? 'json' : 'text',
  };
}

function parseAddress(variable: string, text: string): Address {
  const [, host, port] = /^([^:]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new Error(`Expected \`${variable}\` to be HOST:PORT, got \`${text}\``);
  }
  return { host, port: Number(port) };
}

function parseConcurrency(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Error(
    `Expected \`LPR_MAX_CONCURRENCY\` to be an integer from 1 to 9999, got \`${text}\``,
  );
}
