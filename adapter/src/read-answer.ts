import type { BatchAnswerItem } from './batch-answer.ts';

/** The fields of a structured answer; all of them may be anything. */
export interface RawAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** As much of a body that is read piece by piece as there is to it: of a stream, a `Blob` or an iterable. */
export interface BodySource {
  readonly type?: unknown;
  stream?(): BodySource;
  destroy?(reason?: unknown): void;
}

/** As much of a `Response` as there is to read, of whichever implementation. */
interface ResponseLike {
  readonly status: number;
  readonly headers: Iterable<[name: string, value: string]> & { getSetCookie(): string[] };
  readonly body: unknown;
}

/**
 * Reads an answer as API Gateway does: an object with a `statusCode` is structured, anything else is 200,
 * `application/json` and the JSON text of it (`null` for nothing), a string unquoted.
 * Besides, it knows a `Response`, and what can only be a body.
 */
export function readAnswer(answer: unknown): RawAnswer {
  if (isResponse(answer)) {
    const { status: statusCode, headers, body } = answer;
    return {
      statusCode,
      headers: { ...Object.fromEntries(headers), 'set-cookie': undefined },
      cookies: headers.getSetCookie(),
      body,
    };
  }
  const isStructured = (answer as RawAnswer | null | undefined)?.statusCode !== undefined;
  return isStructured ? (answer as RawAnswer) : json(200, answer);
}

/** An answer that the adapter makes itself: its record but for the id. */
export type WholeAnswer = Omit<BatchAnswerItem, 'id' | 'cookies'>;

/** The answer to an item that failed; nothing of the error is in it. */
export const internalError = (): WholeAnswer =>
  json(500, { message: 'Internal Server Error' }) as WholeAnswer;

/** An answer whose body is `value`: as it is when it is text or can only be a body, else in JSON. */
export function json(statusCode: number, value: unknown): RawAnswer {
  const isWhole = isBody(value);
  const type = isWhole ? value.type || 'application/octet-stream' : 'application/json';
  return {
    statusCode,
    headers: { 'content-type': type },
    // `JSON.stringify` gives `undefined` for nothing and for functions, where the runtime sends `null`.
    body: isWhole || typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null'),
    isBase64Encoded: false,
  };
}

/** Whether `value` has a method of this name. */
export const has = (value: unknown, name: PropertyKey): boolean =>
  typeof (value as Partial<Record<PropertyKey, unknown>> | null)?.[name] === 'function';

/** Whether `value` is what JSON calls an object. */
export const isObject = (value: unknown): value is RawAnswer =>
  typeof value === 'object' && !!value && !Array.isArray(value);

export const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/** Whether `value` is a `Response`; not by its class, which servers replace by their own. */
export const isResponse = (value: unknown): value is ResponseLike =>
  has((value as Partial<ResponseLike> | null | undefined)?.headers, 'getSetCookie');

/** Whether `answer` can only be a body: bytes, a stream, a `Blob`. */
export const isBody = (answer: unknown): answer is BodySource =>
  isBytes(answer) || has(answer, Symbol.asyncIterator) || has(answer, 'stream');

/** Whether JSON has no way to write `body`: bytes, or what is read piece by piece. */
export const isRaw = (body: unknown): body is BodySource =>
  isBody(body) || (typeof body === 'object' && has(body, Symbol.iterator));

/** Whether `body` is to be read piece by piece. */
export const isStreamed = (body: unknown): body is BodySource => isRaw(body) && !isBytes(body);
