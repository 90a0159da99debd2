import { BlockList, isIP } from 'node:net';
import type { TrustedProxies } from './router-config.ts';

/** An example of a network, for messages. */
export const NETWORK_EXAMPLE = '`10.0.0.0/8`';

/** What a network looks like, for messages. */
export const NETWORK_FORM = `a network such as ${NETWORK_EXAMPLE}, or an IP address`;

/** The addresses that begin with the first `prefix` bits of `address`. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Parses `10.0.0.0/8`, `fd00::/8` or a single address; `undefined` for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  // A zone (`fe80::1%eth0`) names an interface, which is no part of a network.
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (bits === undefined) return { address, prefix: longest, family: `ipv${version as 4 | 6}` };
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > longest) return undefined;
  return { address, prefix: Number(bits), family: `ipv${version as 4 | 6}` };
}

/** Compiles the checked value of `TrustedProxies`; none are trusted for 0 and for an empty list. */
export function compileTrustedProxies(value: number | readonly string[]): TrustedProxies {
  if (typeof value === 'number') return value === 0 ? NONE : { type: 'hops', hops: value };
  if (value.length === 0) return NONE;
  const blockList = new BlockList();
  for (const text of value) {
    const network = parseNetwork(text);
    if (network !== undefined) {
      blockList.addSubnet(network.address, network.prefix, network.family);
    }
  }
  return { type: 'networks', blockList };
}

const NONE: TrustedProxies = { type: 'none' };
