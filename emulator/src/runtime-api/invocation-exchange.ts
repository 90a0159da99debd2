import type { IncomingMessage } from 'node:http';
import type { EnvironmentInvocation } from '../functions/invocation.ts';
import type { HandlerAnswer, RunningHandler } from '../functions/run-handler.ts';
import { MAX_ANSWER_BYTES, MAX_STREAM_BYTES } from '../limits.ts';
import { limitAnswer } from '../runtime/encode-answer.ts';
import { FunctionFailure, tooLarge } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';

/** One invocation between whoever called and the runtime that answers. */
export class InvocationExchange implements RunningHandler {
  readonly invocation: EnvironmentInvocation;
  readonly answer: Promise<HandlerAnswer>;
  readonly finished: Promise<void>;
  /** Resolves to whether the runtime had ended before it got it. */
  readonly lost: Promise<boolean>;
  readonly #lost = Promise.withResolvers<boolean>();
  readonly #answer = Promise.withResolvers<HandlerAnswer>();
  readonly #finished = Promise.withResolvers<void>();
  #failure: FunctionFailure | undefined;
  #left = false;
  #overflowed = false;

  constructor(invocation: EnvironmentInvocation) {
    this.invocation = invocation;
    this.answer = this.#answer.promise;
    this.finished = this.#finished.promise;
    this.lost = this.#lost.promise;
    this.answer.catch(() => undefined);
    this.finished.catch(() => undefined);
  }

  /** The runtime has it. */
  take(): void {
    this.#lost.resolve(false);
  }

  /** The runtime answers; resolves to whether it was small enough. */
  async respond(request: IncomingMessage): Promise<boolean> {
    if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      return this.#stream(request);
    }
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length <= MAX_ANSWER_BYTES) chunks.push(chunk);
      }
    } catch {
      this.fail({ errorType: 'Runtime.TruncatedResponse', errorMessage: 'The answer broke off' });
      return true;
    }
    if (length > MAX_ANSWER_BYTES) {
      this.fail(tooLarge(MAX_ANSWER_BYTES));
      return false;
    }
    const bytes = Buffer.concat(chunks);
    this.#answer.resolve(
      this.invocation.mode === 'buffered'
        ? { type: 'buffered', bytes }
        : { type: 'stream', contentType: 'application/json', chunks: only(bytes) },
    );
    this.#finished.resolve();
    return true;
  }

  /** The invocation has failed, whoever says so; the first failure counts. */
  fail(error: FunctionErrorPayload): void {
    this.#failure ??= new FunctionFailure(error);
    this.#lost.resolve(this.#failure.payload.errorType === 'Runtime.ExitError');
    this.#answer.reject(this.#failure);
    this.#finished.reject(this.#failure);
  }

  /** The caller has gone; what the runtime still writes is read and dropped. */
  abandon(): void {
    this.#left = true;
  }

  async #stream(request: IncomingMessage): Promise<boolean> {
    const { mode } = this.invocation;
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    const done = Promise.withResolvers<void>();
    const chunks = this.#chunks(request, done);
    if (mode === 'stream') {
      this.#answer.resolve({ type: 'stream', contentType, chunks });
      if (this.#left) void drain(chunks);
      await done.promise;
      return !this.#overflowed;
    }
    const collected: Uint8Array[] = [];
    try {
      for await (const chunk of chunks) collected.push(chunk);
      this.#answer.resolve({ type: 'buffered', bytes: limitAnswer(Buffer.concat(collected)) });
    } catch (error) {
      this.#answer.reject(error);
    }
    return !this.#overflowed;
  }

  async *#chunks(
    request: IncomingMessage,
    done: PromiseWithResolvers<void>,
  ): AsyncGenerator<Uint8Array> {
    let complete = false;
    try {
      const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
      let length = 0;
      for await (const chunk of body) {
        length += chunk.byteLength;
        if (length > MAX_STREAM_BYTES) {
          this.#overflowed = true;
          this.fail(tooLarge(MAX_STREAM_BYTES));
          throw this.#failure;
        }
        yield chunk;
      }
      complete = true;
    } catch {
      this.fail({ errorType: 'Runtime.TruncatedResponse', errorMessage: 'The answer broke off' });
    } finally {
      if (!complete && !request.readableEnded && !request.destroyed) {
        // The reader left: the runtime writes on into nothing.
        request.once('end', () => this.#end(request, done)).resume();
      } else this.#end(request, done);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #end({ trailers }: IncomingMessage, done: PromiseWithResolvers<void>): void {
    const errorType = trailers[ERROR_TYPE];
    if (typeof errorType === 'string') this.fail(readError(errorType, trailers[ERROR_BODY]));
    this.#finished.resolve();
    done.resolve();
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function drain(chunks: AsyncGenerator<Uint8Array>): Promise<void> {
  await chunks.next();
  await chunks.return(undefined);
}

function readError(errorType: string, encoded: string | undefined): FunctionErrorPayload {
  return toError(Buffer.from(encoded ?? '', 'base64').toString(), errorType);
}

/** Reads an error that a runtime reported; whatever it is, there is a type and a message. */
export function toError(text: string, errorType = 'Unhandled'): FunctionErrorPayload {
  let fields: Partial<FunctionErrorPayload> & { readonly stackTrace?: unknown } = {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) fields = value;
  } catch {
    // What is no JSON says nothing; the type remains.
  }
  const trace = fields.trace ?? fields.stackTrace;
  return {
    errorType: String(fields.errorType ?? errorType),
    errorMessage: String(fields.errorMessage ?? ''),
    ...(Array.isArray(trace) ? { trace: trace.map(String) } : {}),
  };
}
