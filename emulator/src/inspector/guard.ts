import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Why a request for the inspector is refused; `undefined` when it is not. The inspector shows requests
 * with their secrets and sends them again, so that no other site may reach it through a browser:
 *
 * - not by a name that its owner has pointed at this machine (DNS rebinding): only addresses, `localhost`
 *   and the name that the emulator was told to listen at are taken;
 * - not from a page of another origin, be it to read or to send.
 */
export function refusalOf(request: IncomingMessage, ownHost: string): string | undefined {
  const { host, origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  const name = hostName(host);
  if (!isKnown(name, ownHost)) {
    return `Expected the inspector to be called by an IP address or as localhost, got \`${name}\``;
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return `Expected a request from the inspector's own page, got one from \`${origin}\``;
  }
  // A link to the page is no harm.
  const visit = request.method === 'GET' && mode === 'navigate';
  if (typeof site === 'string' && !['same-origin', 'none'].includes(site) && !visit) {
    return `Expected a request from the inspector's own page, got a ${site} one`;
  }
  if (request.method !== 'POST') return undefined;
  // What a form or a `fetch` without permission cannot send from elsewhere.
  const type = request.headers['content-type'] ?? '';
  return /^application\/json\b/i.test(type) ? undefined : `Expected JSON, got \`${type}\``;
}

/** Without the port and the brackets of an IPv6 address; lower case. */
function hostName(host = ''): string {
  const colon = host.lastIndexOf(':');
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host;
  return name.replace(/^\[|\]$/g, '').toLowerCase();
}

function isKnown(name: string, ownHost: string): boolean {
  if (isIP(name) !== 0 || name === ownHost.toLowerCase()) return true;
  return name === 'localhost' || name.endsWith('.localhost');
}
