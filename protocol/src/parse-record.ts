import {
  bodyProblem,
  cookiesProblem,
  headersProblem,
  readCookies,
  readHeaders,
  readStatus,
  statusProblem,
} from './answer-fields.ts';
import { describeValue, isObject } from './problem.ts';
import type { Problem } from './problem.ts';
import {
  BadRecordKind,
  DEFAULT_ERROR_MESSAGE,
  DEFAULT_ERROR_STATUS,
  DEFAULT_HEAD_STATUS,
} from './record.ts';
import type { RecordResult } from './record.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** The fields of a record as they came; all of them may be anything. */
interface RawRecord {
  readonly v?: unknown;
  readonly type?: unknown;
  readonly id?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
  readonly message?: unknown;
}

/**
 * Judges one NDJSON record, plain or frame (contract §2.2, §2.3). Never throws and keeps no state.
 *
 * A missing or `null` field takes its default and unknown fields are ignored. That includes `v`: writers always send
 * `"v":1`, a record without it is read as version 1, and one with any other `v` is bad. A missing or `null` `type`
 * makes it a plain record, which needs a `statusCode`. The first thing wrong is reported, in the order
 * `v`, `id`, `type`, `statusCode`, `headers`, `cookies`, `body`, `isBase64Encoded`, `message`.
 */
export function parseRecord(value: unknown): RecordResult {
  if (!isObject(value)) {
    return notAnObject(value);
  }
  if (value.v !== PROTOCOL_VERSION && value.v !== undefined && value.v !== null) {
    return bad(value, BadRecordKind.Version, {
      path: 'v',
      expected: '1',
      got: describeValue(value.v),
    });
  }
  return value.type === undefined || value.type === null ? parseResponse(value) : parseFrame(value);
}

/**
 * Judges one whole answer: an element of a buffered document, which has neither `v` nor `type` (contract §2.1);
 * whatever it carries under those names is an unknown field and ignored.
 * A writer that builds answers from foreign input can check them with it before they leave.
 */
export function parseResponseRecord(value: unknown): RecordResult {
  return isObject(value) ? parseResponse(value) : notAnObject(value);
}

/** {@link parseRecord} of JSON text; text that is not JSON gives a bad record without an `id`. */
export function parseRecordLine(text: string): RecordResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const got = `${text.length} characters that are not`;
    return {
      ok: false,
      id: undefined,
      kind: BadRecordKind.Json,
      problem: { path: '', expected: 'one JSON object', got },
    };
  }
  return parseRecord(value);
}

/** The `id` that a record of any quality is meant for; `undefined` when it cannot be read. */
export function recordId(value: unknown): string | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  return typeof value.id === 'string' && value.id !== '' ? value.id : undefined;
}

function parseResponse(raw: RawRecord): RecordResult {
  const id = recordId(raw);
  if (id === undefined) {
    return badId(raw);
  }
  const statusCode = readStatus(raw.statusCode);
  if (statusCode === undefined) {
    return bad(raw, BadRecordKind.Status, statusProblem(raw.statusCode));
  }
  const headerProblem = headersProblem(raw.headers) ?? cookiesProblem(raw.cookies);
  if (headerProblem !== undefined) {
    return bad(raw, BadRecordKind.Headers, headerProblem);
  }
  const problem = bodyProblem(raw.body, raw.isBase64Encoded);
  if (problem !== undefined) {
    return bad(raw, BadRecordKind.Body, problem);
  }
  return {
    ok: true,
    record: {
      type: 'response',
      id,
      statusCode,
      headers: readHeaders(raw.headers),
      cookies: readCookies(raw.cookies),
      body: (raw.body as string | null | undefined) ?? '',
      isBase64Encoded: raw.isBase64Encoded === true,
    },
  };
}

function parseFrame(raw: RawRecord): RecordResult {
  const id = recordId(raw);
  if (id === undefined) {
    return badId(raw);
  }
  switch (raw.type) {
    case 'head':
      return parseHead(raw, id);
    case 'chunk':
      return parseChunk(raw, id);
    case 'end':
      return { ok: true, record: { type: 'end', id } };
    case 'error':
      return parseError(raw, id);
    default:
      return bad(raw, BadRecordKind.Type, {
        path: 'type',
        expected: '"head", "chunk", "end" or "error"',
        got: describeValue(raw.type),
      });
  }
}

function parseHead(raw: RawRecord, id: string): RecordResult {
  const statusCode = readStatus(raw.statusCode ?? DEFAULT_HEAD_STATUS);
  if (statusCode === undefined) {
    return bad(raw, BadRecordKind.Status, statusProblem(raw.statusCode));
  }
  const problem = headersProblem(raw.headers) ?? cookiesProblem(raw.cookies);
  if (problem !== undefined) {
    return bad(raw, BadRecordKind.Headers, problem);
  }
  const headers = readHeaders(raw.headers);
  return {
    ok: true,
    record: { type: 'head', id, statusCode, headers, cookies: readCookies(raw.cookies) },
  };
}

function parseChunk(raw: RawRecord, id: string): RecordResult {
  const problem = bodyProblem(raw.body, raw.isBase64Encoded);
  if (problem !== undefined) {
    return bad(raw, BadRecordKind.Body, problem);
  }
  const body = (raw.body as string | null | undefined) ?? '';
  return {
    ok: true,
    record: { type: 'chunk', id, body, isBase64Encoded: raw.isBase64Encoded === true },
  };
}

function parseError(raw: RawRecord, id: string): RecordResult {
  const statusCode = readStatus(raw.statusCode ?? DEFAULT_ERROR_STATUS);
  if (statusCode === undefined) {
    return bad(raw, BadRecordKind.Status, statusProblem(raw.statusCode));
  }
  const message = raw.message ?? DEFAULT_ERROR_MESSAGE;
  if (typeof message !== 'string') {
    return bad(raw, BadRecordKind.Shape, {
      path: 'message',
      expected: 'a string',
      got: describeValue(message),
    });
  }
  return { ok: true, record: { type: 'error', id, statusCode, message } };
}

function bad(raw: RawRecord, kind: BadRecordKind, problem: Problem): RecordResult {
  return { ok: false, id: recordId(raw), kind, problem };
}

function badId(raw: RawRecord): RecordResult {
  return bad(raw, BadRecordKind.Id, {
    path: 'id',
    expected: 'a string that is not empty',
    got: describeValue(raw.id),
  });
}

function notAnObject(value: unknown): RecordResult {
  return {
    ok: false,
    id: undefined,
    kind: BadRecordKind.Shape,
    problem: { path: '', expected: 'an object', got: describeValue(value) },
  };
}
