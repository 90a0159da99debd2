import { PROTOCOL_VERSION } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';

/** The answer to a batch, which Lambda turns into JSON (contract §2.1). */
export interface BatchAnswer {
  readonly v: 1;
  /** One for each item that has an id, in batch order. */
  readonly responses: readonly BatchAnswerItem[];
}

/** The answer to one item of a batch. */
export interface BatchAnswerItem {
  /** The item's `requestContext.requestId`. */
  readonly id: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie` values; absent when there are none. */
  readonly cookies?: readonly string[];
  /** Text, or base64 when `isBase64Encoded`. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The document of these records, in their order. */
export function batchAnswer(records: readonly ResponseRecord[]): BatchAnswer {
  return { v: PROTOCOL_VERSION, responses: records.map(toAnswerItem) };
}

/** A record as an element of the document. */
export function toAnswerItem(record: ResponseRecord): BatchAnswerItem {
  const { id, statusCode, headers, cookies, body, isBase64Encoded } = record;
  return cookies.length === 0
    ? { id, statusCode, headers, body, isBase64Encoded }
    : { id, statusCode, headers, cookies, body, isBase64Encoded };
}
