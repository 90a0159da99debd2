import type { Streamify } from './aws-lambda.ts';
import type { ItemAnswer } from './item.ts';
import { DEFAULT_CONCURRENCY } from './limits.ts';
import type { BatchAdapterOptions, BatchStreamOptions } from './options.ts';
import { isBody, isObject, isResponse, readAnswer } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';

/** Options of `batchAdapter` and `batchAdapterStream`; none is refused. */
export interface FirstOptions {
  /** How many items run at once; what is no positive number is 1. Default 16. */
  readonly concurrency?: number | undefined;
  /** Streaming only: whether every item becomes frames. Default `false`. */
  readonly interleaved?: boolean | undefined;
  /** Streaming only: instead of `awslambda.streamifyResponse`. */
  readonly streamifyResponse?: Streamify | undefined;
}

/** What `batchAdapter` reads: besides what `withBatchAdapter` does, bodies that are numbers or booleans. */
export type FirstAnswer =
  | ItemAnswer
  | {
      statusCode?: number | string | undefined;
      headers?: { [header: string]: boolean | number | string | null | undefined } | undefined;
      body?: string | number | boolean | Uint8Array | null | undefined;
      isBase64Encoded?: boolean | undefined;
      cookies?: string[] | undefined;
    };

/** Options as the first implementation read them: a fraction is cut, what it does not know ignored. */
export function readFirstOptions(options: FirstOptions | undefined): BatchAdapterOptions {
  const concurrency = Math.floor(Number(options?.concurrency ?? DEFAULT_CONCURRENCY));
  return { concurrency: concurrency >= 1 ? concurrency : 1 };
}

/** Options of a streaming wrapper, read so. */
export function readFirstStreamOptions(options: FirstOptions | undefined): BatchStreamOptions {
  const streamify = options?.streamifyResponse;
  return {
    ...readFirstOptions(options),
    interleaved: Boolean(options?.interleaved),
    streamifyResponse: typeof streamify === 'function' ? streamify : undefined,
  };
}

/**
 * Reads an answer as the first implementation did: every object is structured, with status 200 if it has none;
 * nothing is an empty one. Strings, numbers and arrays, which it lost, are inferred as `readAnswer` does.
 */
export function readFirstAnswer(answer: unknown): RawAnswer {
  const first: unknown = answer ?? {};
  if (!isObject(first) || isResponse(first) || isBody(first)) {
    return readAnswer(first);
  }
  const { statusCode, headers, body, cookies, isBase64Encoded } = first;
  return {
    statusCode: statusCode ?? 200,
    headers: isObject(headers) ? textHeaders(headers) : undefined,
    body: typeof body === 'number' || typeof body === 'boolean' ? String(body) : body,
    cookies,
    isBase64Encoded: Boolean(isBase64Encoded),
  };
}

/** Headers as text, without those that are `null` or `undefined`. */
function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  );
}
