import { isIPv4, isIPv6 } from 'node:net';
import type { ConfiguredAddress } from './router-config.ts';

/** What a listening address looks like, for messages. */
export const LISTEN_ADDRESS_FORM = '`IP:port` or `[IPv6]:port`';

/** Parses `127.0.0.1:3000` or `[::1]:3000`; port 0 takes a free one. `undefined` for anything else, names of hosts included. */
export function parseListenAddress(text: string): ConfiguredAddress | undefined {
  const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(parts?.['port']);
  if (parts === undefined || port > 65_535) return undefined;
  const { v4, v6 } = parts;
  if (v6 !== undefined && isIPv6(v6)) return { host: v6, port };
  if (v4 !== undefined && isIPv4(v4)) return { host: v4, port };
  return undefined;
}

/** Whether nobody can listen at both addresses: the same port of one host, or of all of them. */
export function collide(a: ConfiguredAddress, b: ConfiguredAddress): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  const [first, second] = [canonicalHost(a.host), canonicalHost(b.host)];
  if (first === second) return true;
  // `[::]` takes IPv4, too.
  if (first === '::' || second === '::') return true;
  return (first === '0.0.0.0' && isIPv4(second)) || (second === '0.0.0.0' && isIPv4(first));
}

function canonicalHost(host: string): string {
  const [address = '', ...zone] = host.split('%');
  if (!isIPv6(host)) return host;
  return [new URL(`http://[${address}]`).hostname.slice(1, -1), ...zone].join('%');
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
