import assert from 'node:assert/strict';
import { advanceSequence, decodeBody, NdjsonDecoder, parseBufferedAnswer } from 'lpr-protocol';
import type { AnswerRecord, RecordResult, SequenceState } from 'lpr-protocol';
import type { InvokeAnswer } from 'lpr-router';
import { bytesOf } from './invoker-answers.ts';

/** What an adapter answered to one item, from all of its records. */
export interface ItemAnswer {
  statusCode: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  cookies: readonly string[];
  /** In hexadecimal; a plain answer is one piece. */
  pieces: string[];
  isFramed: boolean;
}

/** A whole answer of an adapter, read as the router reads it. */
export interface AdapterAnswer {
  /** All of it, as it travelled. */
  readonly text: string;
  readonly items: ReadonlyMap<string, ItemAnswer>;
  /** Ids in the order in which their answers were complete. */
  readonly completion: readonly string[];
}

/** Reads an answer; a record that the router would refuse or drop, and an answer that does not end, is a failure. */
export async function readAdapterAnswer(answer: InvokeAnswer): Promise<AdapterAnswer> {
  const bytes = await bytesOf(answer);
  const items = new Map<string, ItemAnswer>();
  const states = new Map<string, SequenceState>();
  const completion: string[] = [];
  for (const result of recordsIn(answer.type, bytes)) {
    assert.ok(result.ok, `Expected a legal record, got ${JSON.stringify(result)}`);
    const { record } = result;
    const { state, violation } = advanceSequence(states.get(record.id) ?? 'waiting', record.type);
    assert.equal(violation, undefined, `Expected a legal order, got \`${record.type}\` too`);
    states.set(record.id, state);
    add(items, record);
    if (state === 'ended') {
      completion.push(record.id);
    }
  }
  const open = [...states].filter(([, state]) => state !== 'ended').map(([id]) => id);
  assert.deepEqual(open, [], 'Expected every answer to end');
  return { text: bytes.toString(), items, completion };
}

function recordsIn(type: InvokeAnswer['type'], bytes: Uint8Array): readonly RecordResult[] {
  if (type === 'stream') {
    const decoder = new NdjsonDecoder();
    return [...decoder.push(bytes), ...decoder.end()];
  }
  const text = Buffer.from(bytes).toString();
  const parsed = parseBufferedAnswer(JSON.parse(text));
  assert.ok(parsed.ok, `Expected a batch answer, got ${text}`);
  return parsed.results;
}

function add(items: Map<string, ItemAnswer>, record: AnswerRecord): void {
  const { id } = record;
  const item = items.get(id) ?? begin();
  items.set(id, item);
  switch (record.type) {
    case 'response':
    case 'head': {
      const headers = Object.entries(record.headers).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]);
      item.statusCode = record.statusCode;
      item.headers = Object.fromEntries(headers) as Record<string, string>;
      item.cookies = record.cookies;
      item.isFramed = record.type === 'head';
      if (record.type === 'response') {
        item.pieces.push(hex(record.body, record.isBase64Encoded));
      }
      return;
    }
    case 'chunk':
      item.isFramed = true;
      item.pieces.push(hex(record.body, record.isBase64Encoded));
      return;
    case 'end':
      return;
    case 'error':
      assert.fail(`Expected no \`error\` frame, got one for ${id}: ${record.message}`);
    // oxlint-disable-next-line no-fallthrough -- `assert.fail` does not return
    default:
      return record satisfies never;
  }
}

function begin(): ItemAnswer {
  return { statusCode: 200, headers: {}, cookies: [], pieces: [], isFramed: false };
}

function hex(body: string, isBase64Encoded: boolean): string {
  return Buffer.from(decodeBody(body, isBase64Encoded) ?? []).toString('hex');
}
