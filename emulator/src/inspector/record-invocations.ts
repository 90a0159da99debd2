import { randomUUID } from 'node:crypto';
import { HTTP_INTEGRATION_CONTENT_TYPE } from '../runtime/streamify.ts';
import { ThrottledError } from '../functions/concurrency.ts';
import type { FunctionInvocation, FunctionOutcome } from '../functions/invocation.ts';
import type { FunctionRegistry, InvocableFunctions } from '../functions/registry.ts';
import { ArrivedRecords } from './arrived-records.ts';
import type { Recording } from './recording.ts';

/** The functions of a registry, with a record of what they are asked and what they answer. */
export function recordInvocations(
  registry: FunctionRegistry,
  recording: Recording,
): InvocableFunctions {
  return {
    get functions() {
      return registry.functions;
    },
    has: (name) => registry.has(name),
    async invoke(name, invocation) {
      const requestId = invocation.requestId ?? randomUUID();
      if (recording.batches.has(requestId)) forgetAttempt(recording, requestId);
      else if (registry.has(name)) addCall(recording, name, requestId, invocation);
      try {
        const outcome = await registry.invoke(name, { ...invocation, requestId });
        return recordAnswer(recording, requestId, outcome);
      } catch (error) {
        refuse(recording, requestId, error);
        throw error;
      }
    },
  };
}

/** A call through the Lambda API; those of the router are there already. */
function addCall(
  recording: Recording,
  functionName: string,
  id: string,
  { payload, mode }: FunctionInvocation,
): void {
  const summary = {
    id,
    source: 'lambda-api',
    functionName,
    streaming: mode === 'stream',
    size: itemsOf(payload),
    requestIds: [],
    releasedAtMs: Date.now(),
    waitMs: 0,
    retries: 0,
    dropped: 0,
  } as const;
  recording.addBatch(summary, payload);
}

/** Another router may have sent a batch. */
function itemsOf(payload: Uint8Array): number {
  try {
    const event: unknown = JSON.parse(Buffer.from(payload).toString());
    const batch = typeof event === 'object' && event !== null && 'batch' in event && event.batch;
    return Array.isArray(batch) ? batch.length : 1;
  } catch {
    return 1;
  }
}

/** The batch is sent again: what the attempt before has answered counts no more. */
function forgetAttempt(recording: Recording, id: string): void {
  recording.changeBatch(id, (batch) => {
    recording.weigh(batch, -batch.records.kept);
    batch.records = new ArrivedRecords();
    batch.error = undefined;
    return undefined;
  });
}

function recordAnswer(recording: Recording, id: string, outcome: FunctionOutcome): FunctionOutcome {
  switch (outcome.type) {
    case 'error':
      return outcome;
    case 'buffered':
      keep(recording, id, (records, atMs) => records.addWhole(outcome.bytes, atMs));
      return outcome;
    case 'stream':
      if (outcome.contentType === HTTP_INTEGRATION_CONTENT_TYPE) {
        recording.changeBatch(id, (batch) => {
          batch.records = new ArrivedRecords(false);
          return undefined;
        });
      }
      return { ...outcome, chunks: recorded(recording, id, outcome.chunks) };
    default:
      return outcome satisfies never;
  }
}

async function* recorded(
  recording: Recording,
  id: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      keep(recording, id, (records, atMs) => records.addChunk(chunk, atMs));
      yield chunk;
    }
  } finally {
    keep(recording, id, (records, atMs) => records.end(atMs));
  }
}

function keep(
  recording: Recording,
  id: string,
  add: (records: ArrivedRecords, atMs: number) => void,
): void {
  recording.changeBatch(id, (batch) => {
    const { records, summary } = batch;
    const before = records.kept;
    add(records, Date.now() - summary.releasedAtMs);
    recording.weigh(batch, records.kept - before);
    return {};
  });
}

/** Nothing has run: the router tells of its own batches. */
function refuse(recording: Recording, id: string, error: unknown): void {
  recording.changeBatch(id, (batch) => {
    const { message: errorMessage, name } = error instanceof Error ? error : new Error('aborted');
    const errorType = error instanceof ThrottledError ? 'TooManyRequestsException' : name;
    batch.error ??= { errorType, errorMessage };
    const { source, releasedAtMs } = batch.summary;
    if (source === 'router') return undefined;
    return { durationMs: Date.now() - releasedAtMs, failure: errorType };
  });
}
