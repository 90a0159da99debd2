import {
  ERROR_CONTENT_TYPE,
  WireCode,
  encodeBody,
  errorBody,
  parseResponseRecord,
} from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';

/** What a runtime posted as the answer of one item. */
export interface PostedAnswer {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  /** Whether the handler wrote a stream: its bytes are the body then, not JSON. */
  readonly streamed: boolean;
}

/** A stream of this type begins with status, headers and cookies as JSON, and 8 NUL bytes. */
const INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';
const DELIMITER = Buffer.alloc(8);

/**
 * Reads an answer as API Gateway does: an object with a `statusCode` is structured, anything else is 200,
 * `application/json` and the JSON text of it, a string unquoted. What cannot be sent is a 502.
 */
export function toRecord(id: string, answer: PostedAnswer): ResponseRecord {
  const fields = answer.streamed ? readStream(answer) : readJson(answer.bytes);
  const result = fields && parseResponseRecord({ ...fields, id });
  return result?.ok === true && result.record.type === 'response'
    ? result.record
    : failureRecord(
        id,
        502,
        WireCode.BadResponse,
        'The function gave an answer that cannot be sent',
      );
}

/** The answer to an item whose handler failed: API Gateway's, nothing of the error is in it. */
export function handlerErrorRecord(id: string): ResponseRecord {
  return jsonRecord(id, 500, '{"message":"Internal Server Error"}');
}

/** The answer to an item that failed for another reason. */
export function failureRecord(
  id: string,
  statusCode: number,
  code: WireCode,
  message: string,
): ResponseRecord {
  return jsonRecord(id, statusCode, errorBody({ message, code, requestId: id }));
}

function jsonRecord(id: string, statusCode: number, body: string): ResponseRecord {
  const headers = { 'content-type': ERROR_CONTENT_TYPE };
  return { type: 'response', id, statusCode, headers, cookies: [], body, isBase64Encoded: false };
}

function readJson(bytes: Buffer): object | undefined {
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && 'statusCode' in value)
    return structured(value);
  const body = typeof value === 'string' ? value : text;
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

function readStream({ bytes, contentType = '' }: PostedAnswer): object | undefined {
  if (!contentType.startsWith(INTEGRATION_TYPE)) {
    const headers = { 'content-type': contentType || 'application/octet-stream' };
    return { statusCode: 200, headers, ...encodeBody(bytes) };
  }
  const end = bytes.indexOf(DELIMITER);
  const prelude = parse(bytes.toString('utf8', 0, Math.max(end, 0)));
  if (typeof prelude !== 'object' || prelude === null) return undefined;
  const { statusCode = 200, headers, cookies } = structured(prelude);
  return { statusCode, headers, cookies, ...encodeBody(bytes.subarray(end + DELIMITER.length)) };
}

function structured(value: object) {
  const { statusCode, headers, cookies, body, isBase64Encoded } = value as Record<string, unknown>;
  return { statusCode, headers, cookies, body, isBase64Encoded };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
