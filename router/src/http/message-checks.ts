import type { IncomingMessage } from 'node:http';
import type { HeaderMap } from './forward-headers.ts';

/** A host and port as RFC 3986 §3.2.2 lets them be written; without a user. */
const HOST = /^(?:\[[\d.:A-Fa-f]+\]|[\w!$%&'()*+,.;=~-]*)(?::\d*)?$/;

/**
 * One `Host`, and one that can be (RFC 9112 §3.2): two would let two readers see different sites.
 * `authority` is that of an absolute URL.
 */
export function hasOneHost(
  { rawHeaders, httpVersion }: IncomingMessage,
  authority: string | undefined,
): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (!HOST.test(rawHeaders[index + 1]!)) return false;
    hosts += 1;
  }
  if (authority !== undefined && !HOST.test(authority)) return false;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/**
 * No transfer coding but chunks, which HTTP/1.0 does not know (RFC 9112 §6.1): a function would get
 * the bytes still encoded, and a proxy in between may have seen another end of the message.
 */
export function hasPlainFraming({ httpVersion }: IncomingMessage, headers: HeaderMap): boolean {
  const coding = headers['transfer-encoding'];
  return coding === undefined || (coding.toLowerCase() === 'chunked' && httpVersion !== '1.0');
}
