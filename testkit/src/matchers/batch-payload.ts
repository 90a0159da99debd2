import { formatProblem, itemId, parseBatch } from 'lpr-protocol';
import type { HttpEvent } from 'lpr-protocol';
import { differenceRows, differences, onlyWanted } from './differences.ts';
import type { Wanted } from './differences.ts';
import { foldHeaders } from './headers.ts';
import { toVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { count, table } from './wording.ts';

/** Passes when a value, JSON text or bytes are a batch event that a router may send (wire contract §1). */
export function toBeValidBatchPayload(received: unknown): Verdict {
  const { value, problem } = parse(received);
  const parsed = parseBatch(value);
  const problems = parsed.ok ? [] : parsed.problems.map((one) => formatProblem(one));
  const lines = problem === undefined ? problems : [problem];
  return toVerdict({
    pass: lines.length === 0,
    expected: `a valid batch payload, got ${count(lines.length, 'problem')}`,
    notExpected: 'no valid batch payload',
    lines: () => table(lines.map((line) => [line])),
  });
}

function parse(received: unknown): { value?: unknown; problem?: string } {
  const isBytes = received instanceof Uint8Array;
  if (typeof received !== 'string' && !isBytes) return { value: received };
  const text = isBytes ? Buffer.from(received).toString() : received;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: `Expected JSON, got ${text.length} characters that are not` };
  }
}

/** What may be asked of an item. */
export interface WantedItem {
  readonly id?: Wanted<string>;
  readonly method?: Wanted<string>;
  /** The raw path, without its query. */
  readonly path?: Wanted<string>;
  /** `GET /hello/{id}`. */
  readonly routeKey?: Wanted<string>;
  readonly headers?: Wanted<Readonly<Record<string, Wanted<string>>>>;
  readonly cookies?: Wanted<readonly Wanted<string>[]>;
  readonly queryStringParameters?: Wanted<Readonly<Record<string, Wanted<string>>>>;
  readonly pathParameters?: Wanted<Readonly<Record<string, Wanted<string>>>>;
  readonly body?: Wanted<string> | undefined;
  /** The body, parsed. */
  readonly json?: unknown;
}

/** Passes for an item of a batch that has this; other fields are not looked at. */
export function batchItem(received: unknown, expected: WantedItem): Verdict {
  const [view, wanted] = foldHeaders(viewOf(received), expected);
  const found = differences(view, wanted);
  return toVerdict({
    pass: found.length === 0,
    expected: 'an item with these fields',
    notExpected: 'no item with these fields',
    lines: () =>
      table(found.length > 0 ? differenceRows(found) : [[`${view.method} ${view.path}`]]),
    diff: { actual: onlyWanted(view, wanted), expected: wanted },
  });
}

function viewOf(item: unknown) {
  const event: Partial<HttpEvent> = typeof item === 'object' && item !== null ? item : {};
  const { body, rawPath: path, requestContext } = event;
  let json: unknown;
  try {
    json = body === undefined ? undefined : JSON.parse(body);
  } catch {
    json = undefined;
  }
  return { ...event, id: itemId(item), method: requestContext?.http.method, path, json };
}
