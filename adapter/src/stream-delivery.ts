import { DEFAULT_ERROR_MESSAGE, DEFAULT_ERROR_STATUS } from 'lpr-protocol';
import type { EncodedBody } from 'lpr-protocol';
import { endUnanswered, LATE } from './end-unanswered.ts';
import { AdapterError } from './errors.ts';
import { emitter } from './frame.ts';
import type { Emit, Frame } from './frame.ts';
import type { ItemRun } from './item-run.ts';
import { isStreamed } from './read-answer.ts';
import type { RecordWriter } from './record-writer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';
import { inTime } from './run-batch.ts';
import type { Delivery } from './settle-item.ts';
import { eachChunk, encodeChunk, toBody } from './to-chunks.ts';
import { toHead } from './to-response.ts';

/** Writes records as NDJSON. */
export function recordEmitter(writer: RecordWriter): Emit {
  return emitter((frame) => writer.write(`${JSON.stringify({ v: 1, ...frame })}\n`));
}

/** Answers as records or as frames, as `interleaved` says. */
export function streamDelivery(emit: Emit, interleaved: boolean | 'auto' = 'auto'): Delivery {
  return async (run, answer) => {
    const { id } = run;
    const { body } = answer;
    const streamed = isStreamed(body);
    if (interleaved !== true && !(streamed && interleaved)) {
      return emit(run, { id, ...toHead(answer), ...(await toBody(answer, run)) });
    }
    const sendChunk = (chunk: EncodedBody) => emit(run, { type: 'chunk', id, ...chunk });
    const head = toHead(answer);
    const whole = streamed ? undefined : await toBody(answer, run);
    await emit(run, { type: 'head', id, ...head });
    if (streamed) {
      await eachChunk(body, run, (piece) => sendChunk(encodeChunk(piece)));
    } else if (whole?.body) {
      await sendChunk(whole);
    }
    return emit(run, { type: 'end', id });
  };
}

/** What ends, visibly incomplete, an answer whose head has been sent. */
export function errorFrame(id: string): Frame {
  return { type: 'error', id, statusCode: DEFAULT_ERROR_STATUS, message: DEFAULT_ERROR_MESSAGE };
}

/** Reports what an answer failed with after its head, and ends it, visibly incomplete. */
export async function breakOff(
  run: ItemRun,
  error: unknown,
  emit: Emit,
  invocation: Invocation,
): Promise<void> {
  // An item that was stopped has been reported.
  if (!run.reason || error !== run.reason) {
    await report(error, run.origin, invocation);
  }
  if (run.state === 'headed') {
    await emit(run, errorFrame(run.id));
  }
}

/** The delivery of a batch: what fails after its head is broken off. */
export function batchDelivery(deliver: Delivery, emit: Emit, invocation: Invocation): Delivery {
  return async (run, answer) => {
    try {
      await deliver(run, answer);
    } catch (error) {
      if (run.state === 'waiting') {
        throw error;
      }
      await breakOff(run, error, emit, invocation);
    }
  };
}

/**
 * Waits for `work`, then ends the stream. Items without an end get one: 504 before Lambda's timeout, else what
 * `unanswered` says. Once the stream has gone, they are stopped and the invocation is over at once.
 * @throws what the stream failed with.
 */
export async function endStream(
  work: Promise<void>,
  runs: readonly ItemRun[],
  writer: RecordWriter,
  emit: Emit,
  invocation: Invocation,
  unanswered = LATE,
): Promise<void> {
  const isLate = await inTime(work, invocation, writer.done);
  for (const run of runs) {
    const { state } = run;
    if (state !== 'ended') {
      if (writer.isDone) {
        run.stop(writer.failure ?? new AdapterError('LPR_STREAM_CLOSED', 'an open stream'));
      } else {
        // Not waited for: there is no time left, and `end` writes what waits.
        endUnanswered(run, isLate ? LATE : unanswered, invocation, (record) => {
          void emit(run, state === 'headed' ? errorFrame(run.id) : record);
        });
      }
    }
  }
  return writer.end(isLate);
}
