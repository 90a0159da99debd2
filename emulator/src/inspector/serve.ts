import type { IncomingMessage, ServerResponse } from 'node:http';
import { PAGE, readAsset } from './assets.ts';
import type { Asset } from './assets.ts';
import { batchDetail, requestDetail } from './details.ts';
import type { EventStream } from './event-stream.ts';
import { refusalOf } from './guard.ts';
import { INSPECTOR_PATH } from './inspector-path.ts';
import type { Replayed } from './messages.ts';
import type { Recording } from './recording.ts';
import type { Replayer } from './replay.ts';

/** Of what a page sends: the ids of a batch at most. */
const MAX_BODY_BYTES = 262_144;

/** Nothing but the emulator's own files, no frames, and no text that becomes script. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface ServeOptions {
  readonly recording: Recording;
  readonly events: EventStream;
  readonly replayer: Replayer;
  /** Where the emulator was told to listen. */
  readonly host: string;
}

/** Answers what is asked of the inspector: its page, the events, details, replays. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
): Promise<void> {
  const { recording, events, replayer } = options;
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request, options.host);
  if (refusal !== undefined) return sendJson(response, 403, { message: refusal });
  const [path = ''] = (request.url ?? '').replace(/^https?:\/\/[^/]*/i, '').split('?');
  // Node leaves the body of an answer to HEAD out.
  const method = request.method === 'HEAD' && !/\/api\//.test(path) ? 'GET' : request.method;
  const [, kind, id] = /^\/api\/(\w+)(?:\/([\w.-]+))?$/.exec(under(path)) ?? [];
  switch (`${method} ${kind ?? under(path)}`) {
    case 'GET ':
    case 'GET /':
      return send(response, 200, PAGE);
    case 'GET events':
      return events.open(response);
    case 'GET batches':
      return sendJson(response, 200, batchDetail(recording, id ?? ''));
    case 'GET requests':
      return sendJson(response, 200, requestDetail(recording, id ?? ''));
    case 'POST replay': {
      const ids = await readIds(request);
      if (ids === undefined) return sendJson(response, 400, { message: 'Expected `requestIds`' });
      const replayed: Replayed = { requestIds: await replayer.replay(ids) };
      return sendJson(response, 200, replayed);
    }
    case 'POST clear':
      recording.clear();
      return sendJson(response, 200, {});
    default: {
      const asset = method === 'GET' ? await readAsset(under(path).slice(1)) : undefined;
      return asset === undefined ? sendJson(response, 404, undefined) : send(response, 200, asset);
    }
  }
}

function under(path: string): string {
  return path.slice(INSPECTOR_PATH.length);
}

/** Sends JSON; what is not there is 404. */
function sendJson(response: ServerResponse, status: number, message: object | undefined): void {
  const bytes = Buffer.from(
    JSON.stringify(message ?? { message: 'The inspector has no such thing' }),
  );
  const type = 'application/json';
  send(response, message === undefined ? 404 : status, { type, bytes });
}

function send(response: ServerResponse, status: number, { type, bytes }: Asset): void {
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.byteLength });
  response.end(bytes);
}

async function readIds(request: IncomingMessage): Promise<string[] | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    const { requestIds } = JSON.parse(Buffer.concat(chunks).toString()) as { requestIds?: unknown };
    const isText = (id: unknown): id is string => typeof id === 'string';
    return Array.isArray(requestIds) && requestIds.every(isText) ? requestIds : undefined;
  } catch {
    return undefined;
  }
}
