import { isIP } from 'node:net';
import type { TrustedProxies } from '../config/router-config.ts';

const IPV4_IN_IPV6 = '::ffff:';

/**
 * The address of the client: the socket's peer, or the one that trusted proxies vouch for. Each
 * proxy appends the address it was called from to `X-Forwarded-For`, so the list is read from its
 * end, and never further than the trust reaches (wire contract §1).
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string {
  const peer = unmapped(remoteAddress ?? '');
  if (trusted.type === 'none' || forwardedFor === undefined) return peer;
  const vouched = forwardedFor.split(',').map((address) => plainAddress(address.trim()));
  let client = peer;
  for (let hop = 0; vouched.length > 0; hop += 1) {
    const trusts = trusted.type === 'hops' ? hop < trusted.hops : isTrusted(client, trusted);
    if (!trusts) return client;
    const next = vouched.pop()!;
    // A proxy that does not write addresses vouches for nothing.
    if (isIP(next) === 0) return client;
    client = next;
  }
  return client;
}

function isTrusted(address: string, { blockList }: TrustedProxies & { type: 'networks' }): boolean {
  return isIP(address) !== 0 && blockList.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** Without port or brackets. */
function plainAddress(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^[\d.]+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : unmapped(text);
}

/** IPv4 as such, and not inside an IPv6 address. */
function unmapped(address: string): string {
  const mapped = address.startsWith(IPV4_IN_IPV6) && address.includes('.');
  return mapped ? address.slice(IPV4_IN_IPV6.length) : address;
}
