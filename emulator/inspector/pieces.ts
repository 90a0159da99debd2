import type { ArrivedRecord, Shown } from '../src/inspector/messages.ts';

/** A record, a frame, or an answer that is neither. */
export interface Piece {
  readonly atMs: number;
  /** `response`, `head`, `chunk`, `end`, `error`, or what it is instead. */
  readonly kind: string;
  readonly requestId: string | undefined;
  /** Of its request in the batch, from 0. */
  readonly place: number | undefined;
  readonly shown: Shown;
  /** When it is a part of what has arrived. */
  readonly json: string | undefined;
  /** Its beginning. */
  readonly line: string;
}

interface RecordLike {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly statusCode?: unknown;
  readonly body?: unknown;
  readonly v?: unknown;
  readonly responses?: unknown;
}

const MAX_LINE = 200;

/** What has arrived, piece by piece; the responses of a buffered answer one by one. */
export function piecesOf(
  records: readonly ArrivedRecord[],
  requestIds: readonly string[],
): Piece[] {
  return records.flatMap((shown) => {
    const record = parse(shown.text);
    const { responses } = record ?? {};
    const single = [toPiece(shown, record, requestIds, undefined)];
    if (!Array.isArray(responses)) return single;
    return responses.map((response: RecordLike | undefined) => {
      const json = JSON.stringify(response) ?? 'null';
      const part = { ...shown, text: json, bytes: new TextEncoder().encode(json).length };
      return toPiece(part, response, requestIds, json);
    });
  });
}

function toPiece(
  shown: ArrivedRecord,
  record: RecordLike | undefined,
  requestIds: readonly string[],
  json: string | undefined,
): Piece {
  const requestId = typeof record?.id === 'string' ? record.id : undefined;
  const place = requestId === undefined ? -1 : requestIds.indexOf(requestId);
  return {
    atMs: shown.atMs,
    kind: kindOf(record, requestId !== undefined),
    requestId,
    place: place < 0 ? undefined : place,
    shown,
    json,
    line: lineOf(record, shown.text).slice(0, MAX_LINE),
  };
}

function kindOf(record: RecordLike | undefined, hasId: boolean): string {
  if (typeof record?.type === 'string' && hasId) return record.type;
  if (hasId) return 'response';
  return record === undefined ? 'bytes' : 'answer';
}

function lineOf(record: RecordLike | undefined, text: string): string {
  const { statusCode, body } = record ?? {};
  const parts = [
    typeof statusCode === 'number' ? String(statusCode) : '',
    typeof body === 'string' ? body : '',
  ];
  return parts.filter(Boolean).join(' ') || text;
}

function parse(text: string): RecordLike | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
