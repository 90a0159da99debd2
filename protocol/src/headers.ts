/** Headers that end at each hop and are not forwarded, in lower case (contract §1). */
export const HOP_BY_HOP_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that begin so belong to the router and are not forwarded, in lower case (contract §1). */
export const ROUTER_HEADER_PREFIX = 'x-lpr-';

const HEADER_NAME = /^[!#$%&'*+.^`|~\w-]+$/;
const ILLEGAL_IN_HEADER_VALUE = /[^\t -~\x80-\xff]/;

/** Whether `name` is a token of RFC 9110 §5.6.2, in any case. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

/** Whether `value` can be sent as ISO-8859-1 on one line: tab, U+0020–U+007E, U+0080–U+00FF (RFC 9110 §5.5). */
export function isHeaderValue(value: string): boolean {
  return !ILLEGAL_IN_HEADER_VALUE.test(value);
}

/** The `Set-Cookie` values to send: white space at both ends removed, empty ones skipped, order kept. */
export function normalizeCookies(cookies: readonly string[]): string[] {
  const kept: string[] = [];
  for (const cookie of cookies) {
    const trimmed = cookie.trim();
    if (trimmed !== '') {
      kept.push(trimmed);
    }
  }
  return kept;
}

/** The `cookies` of an item: the value of a `Cookie` header cut at each `;`, trimmed, empty ones skipped. */
export function splitCookieHeader(value: string): string[] {
  return value === '' ? [] : normalizeCookies(value.split(';'));
}
