import { parseResponseRecord } from 'lpr-protocol';
import type { ErrorCode } from '../errors.ts';
import type { PendingRequest } from './pending-request.ts';

/** Content type of a stream that begins with the answer's head (Lambda function URLs). */
const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response';
/** Ends the head of such a stream. */
const PRELUDE_END = Buffer.alloc(8);
/** Heads are small; a stream that has none by then is not what it says it is. */
const MAX_PRELUDE_BYTES = 1_048_576;

/**
 * Answers one request as API Gateway does (wire contract §2.4): an object with a `statusCode` is a
 * structured answer, any other JSON is the body of a 200. Returns the code with which the request
 * fails if this did not settle it.
 */
export function answerSingle(waiter: PendingRequest, bytes: Uint8Array): ErrorCode {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return 'LPR_BAD_RESPONSE';
  }
  const result = parseResponseRecord({ ...structured(document), id: waiter.id });
  if (result.ok) waiter.accept(result.record);
  return 'LPR_BAD_RESPONSE';
}

/** The same for a streamed answer: with a head if the stream says so, else as it is. */
export async function answerSingleStreamed(
  waiter: PendingRequest,
  chunks: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): Promise<ErrorCode> {
  if (contentType === undefined || contentType === 'application/json') {
    return answerSingle(waiter, await collect(chunks));
  }
  let prelude = Buffer.alloc(0);
  let headIsOut = contentType !== HTTP_INTEGRATION;
  if (headIsOut) {
    const headers = { 'content-type': contentType };
    waiter.accept({ type: 'head', id: waiter.id, statusCode: 200, headers, cookies: [] });
  }
  for await (const chunk of chunks) {
    if (headIsOut) {
      waiter.acceptBytes(chunk);
      continue;
    }
    prelude = Buffer.concat([prelude, chunk]);
    const end = prelude.indexOf(PRELUDE_END);
    if (end < 0 && prelude.length <= MAX_PRELUDE_BYTES) continue;
    if (end < 0 || !acceptPrelude(waiter, prelude.subarray(0, end))) return 'LPR_BAD_RESPONSE';
    headIsOut = true;
    const body = prelude.subarray(end + PRELUDE_END.length);
    if (body.length > 0) waiter.acceptBytes(body);
  }
  if (!headIsOut) return 'LPR_BAD_RESPONSE';
  waiter.accept({ type: 'end', id: waiter.id });
  return 'LPR_MISSING_RESPONSE';
}

function acceptPrelude(waiter: PendingRequest, json: Buffer): boolean {
  let head: unknown;
  try {
    head = JSON.parse(json.toString());
  } catch {
    return false;
  }
  if (typeof head !== 'object' || head === null || Array.isArray(head)) return false;
  const result = parseResponseRecord({ statusCode: 200, ...head, id: waiter.id });
  if (!result.ok || result.record.type !== 'response') return false;
  const { id, statusCode, headers, cookies } = result.record;
  waiter.accept({ type: 'head', id, statusCode, headers, cookies });
  return true;
}

function structured(document: unknown): object {
  if (typeof document === 'object' && document !== null && 'statusCode' in document)
    return document;
  const body = typeof document === 'string' ? document : JSON.stringify(document);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
