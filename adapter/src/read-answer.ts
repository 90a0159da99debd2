/** The fields of a structured answer; all of them may be anything. */
export interface RawAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** Turns what a handler returned into the fields of a structured answer, which nobody has checked yet. */
export type ReadAnswer = (answer: unknown) => RawAnswer;

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
    const others = { ...Object.fromEntries(headers), 'set-cookie': undefined };
    return { statusCode, headers: others, cookies: headers.getSetCookie(), body };
  }
  if (isObject(answer) && answer.statusCode !== undefined) {
    return answer;
  }
  return isBody(answer)
    ? structured(200, answer.type || 'application/octet-stream', answer)
    : json(200, answer);
}

/** The answer to an item that failed; nothing of the error is in it. */
export function internalError(): RawAnswer {
  return json(500, { message: 'Internal Server Error' });
}

/** An answer of this value, in JSON; a string is that already. */
export function json(statusCode: number, value: unknown): RawAnswer {
  // `JSON.stringify` gives `undefined` for nothing and for functions, where the runtime sends `null`.
  const body = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return structured(statusCode, 'application/json', body);
}

function structured(statusCode: number, type: unknown, body: unknown): RawAnswer {
  return { statusCode, headers: { 'content-type': type }, body };
}

/** Whether `value` has a method of this name. */
export function has(value: unknown, name: PropertyKey): boolean {
  return typeof (value as Partial<Record<PropertyKey, unknown>> | null)?.[name] === 'function';
}

/** Whether `value` is what JSON calls an object. */
export function isObject(value: unknown): value is RawAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `body` is to be read piece by piece. */
export function isStreamed(body: unknown): body is BodySource {
  return (
    isSource(body) ||
    (typeof body === 'object' && has(body, Symbol.iterator) && !(body instanceof Uint8Array))
  );
}

/** Whether `answer` can only be a body: bytes, a stream, a `Blob`. */
export function isBody(answer: unknown): answer is BodySource {
  return answer instanceof Uint8Array || isSource(answer);
}

/** Whether `value` is a `Response`; not by its class, which servers replace by their own. */
export function isResponse(value: unknown): value is ResponseLike {
  return has((value as Partial<ResponseLike> | null | undefined)?.headers, 'getSetCookie');
}

function isSource(value: unknown): boolean {
  return has(value, Symbol.asyncIterator) || has(value, 'stream');
}
