import type { ResponseSink } from './aws-lambda.ts';
import { AdapterError } from './errors.ts';
import { has } from './read-answer.ts';

/**
 * The one writer of a response stream, however many items write to it: it listens once to each event of
 * the stream, holds everyone back while the stream is full, in the order they came, and knows when it has gone.
 * With a sink that emits nothing it writes without ever waiting.
 */
export interface RecordWriter {
  /** Whether the stream has ended, failed or been destroyed: nothing written now would arrive. */
  readonly isDone: boolean;
  /** Resolves when {@link isDone}. Never rejects. */
  readonly done: Promise<void>;
  /** What the stream failed with. */
  readonly failure: unknown;
  /** A promise to wait for while the stream is full; `undefined` when it takes more. */
  readonly full: Promise<void> | undefined;
  /**
   * Writes, at once or when the stream takes more; drops the chunk when it has gone. The order of calls is the
   * order on the stream. A promise resolves when the chunk is written, and never rejects.
   */
  write(chunk: string | Uint8Array): void | Promise<void>;
  /**
   * Ends the stream and waits until it has finished, where the sink can say so: the runtime treats a stream
   * that is unfinished when its handler returns as an error. What waits is written first, without waiting
   * for `drain` when `isLate`.
   * @throws what the stream failed with.
   */
  end(isLate?: boolean): Promise<void>;
  /** Gives the stream up: nothing more is written, and {@link end} throws `error`. */
  fail(error: unknown): void;
}

/** @throws AdapterError `LPR_WRONG_ORDER` when `sink` is no stream. */
export function recordWriter(sink: ResponseSink, contentType: string): RecordWriter {
  if (!has(sink, 'write')) {
    throw new AdapterError(
      'LPR_WRONG_ORDER',
      'a `responseStream`, and only Lambda around this handler',
    );
  }
  const { promise: done, resolve: resolveDone } = Promise.withResolvers<void>();
  const waiting: (readonly [chunk: string | Uint8Array, resolve: () => void])[] = [];
  let isDone = false;
  let failure: { readonly error: unknown } | undefined;
  let full: PromiseWithResolvers<void> | undefined;

  const attempt = (act: () => void) => {
    if (!isDone) {
      try {
        act();
      } catch (error) {
        fail(error);
      }
    }
  };
  const put = (chunk: string | Uint8Array) =>
    attempt(() => {
      if (sink.write(chunk) === false && sink.on && !isDone) {
        full ??= Promise.withResolvers();
      }
    });
  const open = () => {
    const opened = full;
    full = undefined;
    while (!full && waiting.length > 0) {
      const [chunk, resolve] = waiting.shift()!;
      put(chunk);
      resolve();
    }
    opened?.resolve();
  };
  const finish = () => {
    isDone = true;
    resolveDone();
    open();
  };
  const fail = (error: unknown) => {
    failure ??= { error };
    finish();
  };

  // Never removed: the stream lives as long as the invocation, and an `error` that nobody hears ends the process.
  sink.on?.('drain', open);
  sink.on?.('finish', finish);
  sink.on?.('close', finish);
  sink.on?.('error', fail);
  if (sink.destroyed) {
    finish();
  } else {
    sink.setContentType?.(contentType);
  }
  return {
    get isDone() {
      return isDone;
    },
    done,
    get failure() {
      return failure?.error;
    },
    get full() {
      return full?.promise;
    },
    write(chunk) {
      return full ? new Promise((resolve) => waiting.push([chunk, resolve])) : put(chunk);
    },
    async end(isLate) {
      while (full && waiting.length > 0 && !isLate) {
        await full.promise;
      }
      for (const [chunk] of waiting.splice(0)) {
        put(chunk);
      }
      attempt(() => sink.end());
      if (sink.on && sink.writableFinished === false) {
        await done;
      }
      if (failure) {
        throw failure.error;
      }
    },
    fail,
  };
}
