import { isBatchEvent } from 'lpr-protocol';
import { AdapterError } from './errors.ts';
import type { ItemContext } from './item.ts';
import type { ItemEvent } from './lambda-types.ts';

/** What a Fetch handler is given beside the request; Hono has it as `c.env`. */
export interface FetchEnvironment {
  readonly event: ItemEvent;
  readonly context: ItemContext;
}

/** A Fetch handler: of Hono, of other frameworks, or a function. */
export type FetchHandler = (
  request: Request,
  environment: FetchEnvironment,
) => Response | Promise<Response>;

/**
 * Turns a Fetch handler into a handler of one request, to be wrapped. The request has the item's URL, headers,
 * body and `signal`; a streamed body of the response is streamed by `withBatchAdapterStream`.
 * @example export const handler = withBatchAdapterStream(fromFetch(app.fetch));
 */
export function fromFetch(
  fetch: FetchHandler,
): (event: ItemEvent, context: ItemContext) => Promise<Response> {
  return async (event, context) => {
    if (isBatchEvent(event)) {
      const wanted = '`withBatchAdapter(fromFetch(fetch))`, got a batch';
      throw new AdapterError('LPR_WRONG_ORDER', wanted);
    }
    return fetch(toRequest(event, context), { event, context });
  };
}

/** The item as a `Request`. Its scheme is `https` unless a proxy says `http`. */
function toRequest(event: ItemEvent, context: ItemContext | undefined): Request {
  const { requestContext, cookies, body } = event;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) {
      headers.set(name, value);
    }
  }
  // API Gateway sends cookies beside the headers only.
  if (cookies && !headers.has('cookie')) {
    headers.set('cookie', cookies.join('; '));
  }
  const { method } = requestContext.http;
  return new Request(toUrl(event, headers), {
    method,
    headers,
    // `fetch` refuses a body with these.
    body: body === undefined || method === 'GET' || method === 'HEAD' ? null : bodyOf(event, body),
    signal: context?.signal ?? null,
  });
}

function toUrl({ rawPath, rawQueryString, requestContext }: ItemEvent, headers: Headers): string {
  const scheme = headers.get('x-forwarded-proto') === 'http' ? 'http' : 'https';
  const query = rawQueryString ? `?${rawQueryString}` : '';
  // Clients of HTTP/1.0 need not name a host; then the router sends no `domainName` either.
  const { domainName }: Partial<ItemEvent['requestContext']> = requestContext;
  const host = headers.get('host') ?? domainName ?? 'localhost';
  const url = `${scheme}://${host}${rawPath}${query}`;
  // A client's nonsense for a host is no reason to fail.
  return URL.canParse(url) ? url : `${scheme}://localhost${rawPath}${query}`;
}

function bodyOf(event: ItemEvent, body: string): string | Uint8Array<ArrayBuffer> {
  return event.isBase64Encoded ? Buffer.from(body, 'base64') : body;
}
