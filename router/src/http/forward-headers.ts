import { HOP_BY_HOP_HEADERS, ROUTER_HEADER_PREFIX } from 'lpr-protocol';
import type { ForwardHeaders } from '../config/router-config.ts';
import { textMap } from './text-map.ts';
import type { TextMap } from './text-map.ts';

/** Header values by lower-case name. */
export type HeaderMap = TextMap;

/** Joins what was sent several times: cookies with `; `, everything else with `,` (wire contract §1). */
export function collectHeaders(rawHeaders: readonly string[]): HeaderMap {
  const headers: HeaderMap = textMap();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = before + (name === 'cookie' ? '; ' : ',') + value;
  }
  return headers;
}

/**
 * The headers that a function sees: none that end at this hop, none that `Connection` names, none of
 * the router's own, and those that the configuration lets through.
 */
export function forwardHeaders(headers: HeaderMap, { allow, deny }: ForwardHeaders): HeaderMap {
  const forwarded: HeaderMap = textMap();
  const named = headers['connection'] === undefined ? undefined : tokens(headers['connection']);
  for (const name in headers) {
    if (HOP_BY_HOP_HEADERS.has(name) || name.startsWith(ROUTER_HEADER_PREFIX)) continue;
    if (named?.includes(name) || deny.has(name) || (allow && !allow.has(name))) continue;
    forwarded[name] = headers[name]!;
  }
  return forwarded;
}

function tokens(connection: string): string[] {
  return connection.split(',').map((token) => token.trim().toLowerCase());
}
