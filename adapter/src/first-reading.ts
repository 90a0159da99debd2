import type { ResponseRecord } from 'lpr-protocol';
import type { ItemAnswer } from './item.ts';
import { DEFAULT_CONCURRENCY } from './options.ts';
import type { Settings } from './options.ts';
import { isObject, structuredResponse, toResponse } from './to-response.ts';

/** Options of `batchAdapter` and `batchAdapterStream`; none is refused. */
export interface FirstOptions {
  /** How many items run at once; what is no positive number is 1. Default 16. */
  readonly concurrency?: number | undefined;
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

/** Options as the first implementation read them: a fraction is cut, an unknown name ignored. */
export function readFirstOptions(options: FirstOptions | undefined): Settings {
  const concurrency = Math.floor(Number(options?.concurrency ?? DEFAULT_CONCURRENCY));
  return { concurrency: concurrency >= 1 ? concurrency : 1 };
}

/**
 * Reads an answer as the first implementation did: every object is structured, with status 200 if it has none;
 * nothing is an empty answer. Strings, numbers and arrays, which it lost, are inferred as `toResponse` does.
 */
export function toFirstResponse(id: string, answer: unknown): ResponseRecord {
  const first = answer ?? {};
  if (!isObject(first)) {
    return toResponse(id, first);
  }
  const { statusCode, headers, body, cookies, isBase64Encoded } = first;
  return structuredResponse(id, {
    statusCode: statusCode ?? 200,
    headers: isObject(headers) ? textHeaders(headers) : undefined,
    body: typeof body === 'number' || typeof body === 'boolean' ? String(body) : body,
    cookies,
    isBase64Encoded: Boolean(isBase64Encoded),
  });
}

/** Headers as text, without those that are `null` or `undefined`. */
function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  );
}
