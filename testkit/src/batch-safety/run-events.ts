import type { AnswerRecord, HttpEvent } from 'lpr-protocol';
import { itemId } from 'lpr-protocol';
import { batchEvent } from '../factories/batch-event.ts';
import { invokeBatch, invokeBatchStream } from '../invoke-batch.ts';
import type { BatchRun, BatchStreamRun } from '../invoke-batch.ts';
import { recordsOf, sequenceOf } from '../matchers/record-list.ts';
import { textOf } from '../matchers/record-wording.ts';
import { checkHandler, isStreaming } from '../run-handler.ts';
import type { TestHandler } from '../run-handler.ts';
import { captureLogs } from './log-lines.ts';

/** What a client sees of an answer, and what was said about its request. */
export interface Observation {
  readonly answer: unknown;
  /** Log lines that name the request's id. */
  readonly logLines: number;
}

export interface RunResult {
  /** By request id. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** What `state` gave afterwards, as JSON. */
  readonly state: string | undefined;
}

export interface RunOptions {
  /** The batch handler, or what makes one of a fresh environment. */
  readonly handler: () => TestHandler | Promise<TestHandler>;
  readonly state: (() => unknown) | undefined;
}

/** Invokes the handler with these batches, one after the other, and observes. */
export async function runEvents(
  batches: readonly (readonly HttpEvent[])[],
  { handler, state }: RunOptions,
): Promise<RunResult> {
  const target = await handler();
  checkHandler(target);
  const observations = new Map<string, Observation>();
  for (const batch of batches) {
    const { result, lines } = await captureLogs(() => invoke(target, batch));
    for (const item of batch) {
      const id = itemId(item) ?? '';
      const logLines = lines.filter((line) => line.includes(id)).length;
      observations.set(id, { answer: result.get(id), logLines });
    }
  }
  return { observations, state: state && JSON.stringify(state()) };
}

async function invoke(
  handler: TestHandler,
  batch: readonly HttpEvent[],
): Promise<Map<string, unknown>> {
  const event = batchEvent(batch);
  let run: BatchRun | BatchStreamRun;
  try {
    run = await (isStreaming(handler) ? invokeBatchStream : invokeBatch)(handler, event);
  } catch (error) {
    // A handler that fails an event alone is not fit to be compared; one that fails a batch is not safe.
    if (batch.length === 1) throw error;
    return new Map(batch.map((item) => [itemId(item) ?? '', `failed: ${String(error)}`]));
  }
  const records = new Map<string, AnswerRecord[]>();
  for (const { record } of sequenceOf(recordsOf(run))) {
    const own = records.get(record.id);
    if (own) own.push(record);
    else records.set(record.id, [record]);
  }
  return new Map([...records].map(([id, own]) => [id, answerOf(id, own)]));
}

/** Whichever way it travelled; the id gone, so that only the answer is compared. */
function answerOf(id: string, records: readonly AnswerRecord[]): unknown {
  const answer: Record<string, unknown> = {};
  let body = '';
  for (const { type, ...fields } of records) {
    if ('body' in fields) body += textOf(fields);
    Object.assign(answer, fields, type === 'error' ? { failed: true } : {});
  }
  const { id: _id, isBase64Encoded: _encoded, body: _body, ...rest } = answer;
  return { ...rest, body: parsed(body.replaceAll(id, '(its id)')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
