import type { AnswerRecord, ResponseRecord } from '../record.ts';
import { PROTOCOL_VERSION } from '../version.ts';

/** Content type of a stream of records (contract §2.2). */
export const NDJSON_CONTENT_TYPE = 'application/x-ndjson';

/**
 * One record as one line of JSON, its `\n` included. Every record carries `"v":1`; a plain response has no `type`,
 * and `cookies` is there only when there are any. What `parseRecord` reads from it is equal to `record`.
 */
export function encodeRecord(record: AnswerRecord): string {
  return `${JSON.stringify(toWire(record))}\n`;
}

/** A buffered answer document of these responses, in their order (contract §2.1). */
export function encodeBufferedAnswer(responses: readonly ResponseRecord[]): string {
  return JSON.stringify({ v: PROTOCOL_VERSION, responses: responses.map(responseFields) });
}

function toWire(record: AnswerRecord): object {
  const v = PROTOCOL_VERSION;
  switch (record.type) {
    case 'response':
      return {
        v,
        id: record.id,
        statusCode: record.statusCode,
        headers: record.headers,
        cookies: record.cookies.length > 0 ? record.cookies : undefined,
        body: record.body,
        isBase64Encoded: record.isBase64Encoded,
      };
    case 'head':
      return {
        v,
        type: record.type,
        id: record.id,
        statusCode: record.statusCode,
        headers: record.headers,
        cookies: record.cookies.length > 0 ? record.cookies : undefined,
      };
    case 'chunk':
      return {
        v,
        type: record.type,
        id: record.id,
        body: record.body,
        isBase64Encoded: record.isBase64Encoded,
      };
    case 'end':
      return { v, type: record.type, id: record.id };
    case 'error':
      return {
        v,
        type: record.type,
        id: record.id,
        statusCode: record.statusCode,
        message: record.message,
      };
    default:
      return record satisfies never;
  }
}

function responseFields(record: ResponseRecord): object {
  return {
    id: record.id,
    statusCode: record.statusCode,
    headers: record.headers,
    cookies: record.cookies.length > 0 ? record.cookies : undefined,
    body: record.body,
    isBase64Encoded: record.isBase64Encoded,
  };
}
