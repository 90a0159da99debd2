import { isIPv4, isIPv6 } from 'node:net';

/** What a listening address looks like, for messages. */
export const LISTEN_ADDRESS_FORM = '`IP:port` or `[IPv6]:port`';

/** Parses `127.0.0.1:3000` or `[::1]:3000`; port 0 takes a free one. `undefined` for anything else, names of hosts included. */
export function parseListenAddress(text: string): { host: string; port: number } | undefined {
  const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(parts?.['port']);
  if (parts === undefined || port > 65_535) return undefined;
  const { v4, v6 } = parts;
  if (v6 !== undefined && isIPv6(v6)) return { host: v6, port };
  if (v4 !== undefined && isIPv4(v4)) return { host: v4, port };
  return undefined;
}

/** What was probably meant by an address that does not parse. */
export function suggestListenAddress(text: string): string | undefined {
  const [, host, port] = /^(?<host>.*?):?(?<port>\d{1,5})$/.exec(text) ?? [];
  const candidates = [
    text.replace(/^localhost(?=:|$)/i, '127.0.0.1'),
    `0.0.0.0:${text.replace(/^[:*]*/, '')}`,
    `[${host}]:${port}`,
  ];
  return candidates.find((candidate) => parseListenAddress(candidate) !== undefined);
}
