import { encodeBody, encodeBufferedAnswer, encodeRecord } from 'lpr-protocol';
import type {
  AnswerRecord,
  BatchEvent,
  ChunkRecord,
  EndRecord,
  ErrorRecord,
  HeadRecord,
  HttpEvent,
  ResponseRecord,
} from 'lpr-protocol';
import { idOf } from './ids.ts';
import type { ItemRef } from './ids.ts';

export interface HeadOptions {
  /** Default 200. */
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

export interface ResponseOptions extends HeadOptions {
  /** Text or bytes, or with `json` instead a value. Default empty. */
  readonly body?: string | Uint8Array;
  /** A body as JSON; sets `content-type` where the headers have none. */
  readonly json?: unknown;
}

/** A whole answer (wire contract §2.1, §2.2). */
export function responseRecord(item: ItemRef, options: ResponseOptions = {}): ResponseRecord {
  const { statusCode = 200, cookies = [], json } = options;
  const { body = json === undefined ? '' : JSON.stringify(json) } = options;
  const contentType = json === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { ...contentType, ...options.headers };
  return { type: 'response', id: idOf(item), statusCode, headers, cookies, ...encoded(body) };
}

/** A `head` frame (wire contract §2.3). */
export function headRecord(item: ItemRef, options: HeadOptions = {}): HeadRecord {
  const { statusCode = 200, headers = {}, cookies = [] } = options;
  return { type: 'head', id: idOf(item), statusCode, headers, cookies };
}

/** A `chunk` frame. */
export function chunkRecord(item: ItemRef, body: string | Uint8Array): ChunkRecord {
  return { type: 'chunk', id: idOf(item), ...encoded(body) };
}

/** An `end` frame. */
export function endRecord(item: ItemRef): EndRecord {
  return { type: 'end', id: idOf(item) };
}

/** An `error` frame; by default with the status and message that readers assume. */
export function errorRecord(
  item: ItemRef,
  { statusCode = 502, message = 'The function reported an error' } = {},
): ErrorRecord {
  return { type: 'error', id: idOf(item), statusCode, message };
}

/** The frames of one answer: its head, these chunks, its end. */
export function frames(
  item: ItemRef,
  chunks: readonly (string | Uint8Array)[] = [],
  head: HeadOptions = {},
): AnswerRecord[] {
  const bodies = chunks.map((chunk) => chunkRecord(item, chunk));
  return [headRecord(item, head), ...bodies, endRecord(item)];
}

/** Records as they travel on a stream: one line each. */
export function ndjson(records: readonly AnswerRecord[]): string {
  return records.map((record) => encodeRecord(record)).join('');
}

/** A buffered answer to every item of a batch: to each the same, or what a function of the item gives. */
export function answerBatch(
  { batch }: BatchEvent,
  answer: ResponseOptions | ((item: HttpEvent, index: number) => ResponseOptions) = {},
): ReturnType<typeof bufferedAnswer> {
  const optionsOf = typeof answer === 'function' ? answer : () => answer;
  return bufferedAnswer(batch.map((item, index) => responseRecord(item, optionsOf(item, index))));
}

/** The document of a buffered answer (wire contract §2.1), as a handler returns it. */
export function bufferedAnswer(records: readonly ResponseRecord[]): {
  readonly v: 1;
  readonly responses: readonly object[];
} {
  return JSON.parse(encodeBufferedAnswer(records)) as ReturnType<typeof bufferedAnswer>;
}

function encoded(body: string | Uint8Array) {
  return encodeBody(typeof body === 'string' ? Buffer.from(body) : body);
}
