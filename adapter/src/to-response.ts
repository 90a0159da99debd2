import { got, must } from './errors.ts';
import { isObject } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';

/** A header as the router takes it: a token (RFC 9110 §5.6.2), then, after what neither may hold, one line of text. */
const HEADER = /^[!#$%&'*+.^`|~\w-]+\n[\t -~\x80-\xff]*$/;

/** What an answer says before its body. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  /** `undefined` when there are none. */
  readonly cookies: string[] | undefined;
}

/**
 * The head of an answer: exactly what the router will accept. It shares nothing with the answer, so a handler
 * may reuse its objects.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`; its message holds no header value, cookie or body.
 */
export function toHead({ statusCode, headers, cookies }: RawAnswer): AnswerHead {
  must(
    isPlain(statusCode) && /^[2-5]\d\d$/.test(statusCode as string),
    'statusCode',
    `an integer 200–599${got(statusCode)}`,
  );
  const fields = headers ?? {};
  must(isObject(fields), 'headers', 'an object');
  const lines: unknown = cookies ?? [];
  must(Array.isArray(lines), 'cookies', 'an array');
  const kept = (lines as Partial<string>[])
    .map((cookie) => toLine('cookies', 'set-cookie', cookie?.trim?.()))
    .filter(Boolean);
  return {
    statusCode: Number(statusCode),
    // Not by assignment: `__proto__` is a legal name.
    headers: Object.fromEntries(
      Object.entries(fields)
        // JSON drops `undefined`, so API Gateway never sees it.
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, toLine(`headers.${name}`, name, value)]),
    ),
    cookies: kept[0] ? kept : undefined,
  };
}

/** The value of a header as it is sent. */
function toLine(path: string, name: string, value: unknown): string {
  must(isPlain(value) && HEADER.test(`${name}\n${value}`), path, 'one line of ISO-8859-1 text');
  return `${value}`;
}

const isPlain = (value: unknown): value is string | number | boolean =>
  /string|number|boolean/.test(typeof value);
