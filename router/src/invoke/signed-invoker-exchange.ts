import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { functionFailure, serviceFailure, transportFailure } from './failures.ts';
import type { InvokeAnswer } from './invoker.ts';
import { StreamedAnswer } from './signed-invoker-stream.ts';

type Controller = Dispatcher.DispatchController;

/** What the caller of an exchange waits for. */
export interface Settlement {
  readonly resolve: (answer: InvokeAnswer) => void;
  readonly reject: (error: Error) => void;
  /** Nothing more can come of the exchange. */
  readonly ended: () => void;
  /** Told of each answer's `Date` that came with a refusal. */
  readonly refused: (status: number, date: string | undefined) => void;
}

/**
 * One request and its answer, as undici hands them over. The body's chunks are gathered in an array:
 * a Readable in between costs a tenth of the invocation.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settlement: Settlement;
  readonly #streams: boolean;
  #controller: Controller | undefined;
  #aborted: Error | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #stream: StreamedAnswer | undefined;

  constructor(streams: boolean, settlement: Settlement) {
    this.#streams = streams;
    this.#settlement = settlement;
  }

  /** Gives the exchange up; the connection is closed, so that Lambda sees that nobody listens. */
  abort(reason: Error): void {
    // All that can come has come: the end of the connection's answer keeps it for the next one.
    if (this.#stream?.over) return;
    this.#aborted = reason;
    this.#controller?.abort(reason);
    // Queued for a connection, it has no controller yet and stops as soon as it gets one.
    if (!this.#controller) this.onResponseError(undefined, reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(this.#aborted);
  }

  onResponseStart(_controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    if (!this.#streams || status >= 300) return;
    const contentType = headers['content-type'];
    this.#stream = new StreamedAnswer(this.#controller!);
    this.#settlement.resolve({ type: 'stream', chunks: this.#stream, contentType });
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#stream) this.#stream.push(chunk);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#settlement.ended();
    if (this.#stream) this.#stream.end();
    else this.#finish();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    this.#settlement.ended();
    const failure = transportFailure(error);
    if (this.#stream) this.#stream.fail(failure);
    else this.#settlement.reject(failure);
  }

  #finish(): void {
    const { resolve, reject } = this.#settlement;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    if (this.#status >= 300) return reject(this.#refusal(bytes));
    const kind = this.#headers['x-amz-function-error'];
    if (typeof kind === 'string') return reject(functionFailure(kind, bytes));
    resolve({ type: 'buffered', bytes });
  }

  #refusal(body: Buffer): Error {
    const headers = this.#headers;
    this.#settlement.refused(this.#status, headers.date);
    // The type may be followed by `:` and a URL.
    const type = String(headers['x-amzn-errortype'] ?? `HTTP ${this.#status}`).split(':')[0];
    return serviceFailure({
      status: this.#status,
      message: `${type}: ${body.toString('utf8', 0, MAX_LOGGED_BYTES)}`,
      retryAfter: headers['retry-after'],
    });
  }
}

/** Of the body of a refusal, which goes into a log. */
const MAX_LOGGED_BYTES = 1024;
