import type { Problem } from './problem.ts';

/** Header names as the function wrote them, with string values. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** A whole answer: an element of a buffered document or a plain NDJSON record (contract §2.1, §2.2). */
export interface ResponseRecord {
  readonly type: 'response';
  readonly id: string;
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
  /** `Set-Cookie` values, trimmed, none of them empty. */
  readonly cookies: readonly string[];
  /** Text, or base64 when `isBase64Encoded`. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The beginning of an interleaved answer (contract §2.3). */
export interface HeadRecord {
  readonly type: 'head';
  readonly id: string;
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
  /** `Set-Cookie` values, trimmed, none of them empty. */
  readonly cookies: readonly string[];
}

/** Bytes of an interleaved answer, to be forwarded at once (contract §2.3). */
export interface ChunkRecord {
  readonly type: 'chunk';
  readonly id: string;
  /** Text, or base64 when `isBase64Encoded`. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The end of an interleaved answer (contract §2.3). */
export interface EndRecord {
  readonly type: 'end';
  readonly id: string;
}

/** The failure of an answer: before its head a status and a message, after it a visible break (contract §2.3, §3.5). */
export interface ErrorRecord {
  readonly type: 'error';
  readonly id: string;
  readonly statusCode: number;
  readonly message: string;
}

/** One parsed, normalised record: every default applied, header values strings, cookies trimmed. */
export type AnswerRecord = ResponseRecord | HeadRecord | ChunkRecord | EndRecord | ErrorRecord;

/** Status of a `head` frame that names none. */
export const DEFAULT_HEAD_STATUS = 200;
/** Status of an `error` frame that names none. */
export const DEFAULT_ERROR_STATUS = 502;
/** Message of an `error` frame that has none. */
export const DEFAULT_ERROR_MESSAGE = 'The function reported an error';

/** Why a record was refused. */
export const BadRecordKind = {
  /** Not JSON, or not UTF-8. */
  Json: 'json',
  /** JSON, but no object, or a field without a kind of its own is of the wrong type. */
  Shape: 'shape',
  /** `v` is there and is not 1. */
  Version: 'version',
  /** `type` is none of `head`, `chunk`, `end`, `error`. */
  Type: 'type',
  /** No `id` that could be looked up. */
  Id: 'id',
  /** `statusCode` is missing where it is required, or no integer 200–599. */
  Status: 'status',
  /** `headers` or `cookies` could not be sent as they are. */
  Headers: 'headers',
  /** `body` is no string or bad base64, or `isBase64Encoded` is no boolean. */
  Body: 'body',
  /** Longer than the reader's limit; it was skipped unread. */
  LineTooLong: 'line_too_long',
} as const;

export type BadRecordKind = (typeof BadRecordKind)[keyof typeof BadRecordKind];

/** A record, or why it is none; with the `id` it was meant for wherever that can be read. */
export type RecordResult =
  | { readonly ok: true; readonly record: AnswerRecord }
  | {
      readonly ok: false;
      readonly id: string | undefined;
      readonly kind: BadRecordKind;
      readonly problem: Problem;
    };
