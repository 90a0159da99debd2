import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Clock } from 'lpr-router';
import type { Answer } from './open-loop.ts';

/** A request that is ready to go. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sends requests over as many kept connections as are needed at once. */
export interface HttpSender extends AsyncDisposable {
  send(request: HttpRequest): Promise<Answer>;
}

/**
 * @param timeoutMs longest silence before the head, and between two parts of the body; a request
 *   that meets it rejects with undici's code, such as `UND_ERR_HEADERS_TIMEOUT`
 */
export function createHttpSender(clock: Clock, timeoutMs: number): HttpSender {
  const agent = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
    // One request at a time on a connection, and never a queue for one: arrivals wait for nobody.
    pipelining: 1,
    connections: null,
  });
  return {
    send: ({ url, method, headers, body }) =>
      new Promise((resolve, reject) => {
        agent.dispatch(
          {
            origin: url.origin,
            path: `${url.pathname}${url.search}`,
            method,
            headers,
            body: body ?? null,
          },
          new Measurement(clock, resolve, reject),
        );
      }),
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** Looks at an answer without keeping it. */
class Measurement implements Dispatcher.DispatchHandler {
  readonly #clock: Clock;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  #head: Omit<Answer, 'endAtMs'> | undefined;

  constructor(clock: Clock, resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#clock = clock;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // 103 and the like come before the answer.
    if (status < 200) return;
    const size = Number(headers['x-lpr-batch-size']);
    const batchSize = Number.isInteger(size) && size > 0 ? size : undefined;
    // Lambda's API answers 200 for a function that failed.
    const failed = headers['x-amz-function-error'] !== undefined;
    this.#head = { status: failed ? 502 : status, batchSize, headAtMs: this.#clock.now() };
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#resolve({ ...this.#head!, endAtMs: this.#clock.now() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
