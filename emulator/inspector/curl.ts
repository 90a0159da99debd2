import type { RequestDetail, RouteSummary } from '../src/inspector/messages.ts';

/** What curl writes itself. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'host', 'transfer-encoding']);

/** What is used of an item. */
interface Item {
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** A command for a POSIX shell that sends a request again to `origin`. */
export function curlOf({ summary, headers }: RequestDetail, item: unknown, origin: string): string {
  const { method, target } = summary;
  const url = target.startsWith('/') ? origin + target : target;
  const { body, isBase64Encoded } = (item ?? {}) as Item;
  const lines = [`curl ${quote(url)}`];
  // For HEAD curl waits for a body unless it is told so.
  if (method === 'HEAD') lines.push('--head');
  else if (method !== 'GET' || typeof body === 'string') lines.push(`--request ${quote(method)}`);
  // Paths and brackets as they are.
  lines.push('--path-as-is', '--globoff');
  for (const [name, value] of headers) {
    if (OWN_HEADERS.has(name.toLowerCase())) continue;
    // A header without a value would be left out.
    lines.push(`--header ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (typeof body !== 'string') return lines.join(' \\\n  ');
  if (isBase64Encoded !== true) lines.push(`--data-raw ${quote(body)}`);
  else lines.push('--data-binary @-');
  const command = lines.join(' \\\n  ');
  return isBase64Encoded === true ? `echo ${body} | base64 -d | ${command}` : command;
}

/** A command for a POSIX shell that has a batch of a route made, of one that takes GET if there is one. */
export function exampleOf(routes: readonly RouteSummary[], origin: string): string | undefined {
  const takesGet = routes.find(({ method }) => method === 'GET' || method === 'ANY');
  const route = takesGet ?? routes[0];
  if (route === undefined) return undefined;
  const request = takesGet === undefined ? `--request ${route.method} ` : '';
  const url = origin + route.path.replaceAll(/\{[^}]+\}/g, 'world');
  return `for n in 1 2 3 4; do curl --silent ${request}${quote(url)} & done; wait`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
