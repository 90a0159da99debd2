import type { AssertionError } from 'node:assert';
import { createRouter } from 'lpr-router';
import type { Router, RouterConfig } from 'lpr-router';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { describeValue, itemId } from 'lpr-protocol';
import type { ObservedBatch } from '../observed-batch.ts';
import { recordBatches } from '../record-batches.ts';
import type { BatchRecorder } from '../record-batches.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { Activity, WatchedClock } from './activity.ts';
import { leakError, leaksOf, throwAll } from './leaks.ts';
import { Requests } from './requests.ts';
import type { TestRequest, TestResponse } from './requests.ts';
import { setUp } from './set-up.ts';
import type { TestRouterOptions } from './set-up.ts';
import { showSuppressed } from './suppressed-error.ts';
import { TestInvoker } from './test-invoker.ts';
import type { TestInvocation } from './test-invoker.ts';

/** The real router and batcher on a clock that only the test moves, without sockets. */
export interface TestRouter extends AsyncDisposable {
  readonly clock: VirtualClock;
  /** In release order. */
  readonly batches: readonly ObservedBatch[];
  /** In order. */
  readonly invocations: readonly TestInvocation[];
  /** Makes a request; resolves to its answer, which as a rule needs `advance`, `release` or `idle` to come. */
  request(request: string | TestRequest): Promise<TestResponse>;
  /** Waits until every request made has reached its batch (or its answer), then moves the time on, timer by timer. */
  advance(ms: number): Promise<void>;
  /** Moves the time on until no batch is open. */
  release(): Promise<void>;
  /**
   * Releases batches and wakes sleeping handlers until every request made has its answer and every invocation is over.
   * A handler may wait for something real; when nothing has happened for `patienceMs` of real time (default 1000),
   * rejects with the requests and invocations that are open.
   */
  idle(options?: { readonly patienceMs?: number }): Promise<void>;
  /** For handlers: resolves when the time has moved on by so much. */
  sleep(ms: number): Promise<void>;
  /**
   * Closes the router. Rejects when an invocation was not expected, or when something was left: an open batch, a
   * request without an answer, a running invocation, a timer.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a router for one test, at once; several may live side by side. Use it with `await using`. */
export function createTestRouter(options: TestRouterOptions): TestRouter {
  showSuppressed();
  return new VirtualRouter(options);
}

class VirtualRouter implements TestRouter {
  readonly clock: WatchedClock;
  readonly #activity = new Activity();
  readonly #requests = new Requests(this.#activity);
  readonly #invoker: TestInvoker;
  readonly #router: Promise<Router>;
  readonly #unexpected: Error[] = [];
  #recorder: BatchRecorder | undefined;
  #sleepers = 0;
  /** Whether the test knows already what is left. */
  #hasTold = false;
  #disposing: Promise<void> | undefined;

  constructor(options: TestRouterOptions) {
    const { config, handlers } = setUp(options);
    this.clock = new WatchedClock(this.#activity, options.startMs);
    this.#invoker = new TestInvoker({
      handlers,
      clock: this.clock,
      activity: this.#activity,
      onUnexpected: (error, event) => this.#onUnexpected(error, event),
    });
    this.#router = this.#create(config);
    // Every method awaits it; a test that calls none meets the failure at disposal.
    this.#router.catch(() => undefined);
  }

  get batches(): readonly ObservedBatch[] {
    return this.#recorder?.batches ?? [];
  }
  get invocations(): readonly TestInvocation[] {
    return this.#invoker.invocations;
  }

  request(request: string | TestRequest): Promise<TestResponse> {
    const init = typeof request === 'string' ? { path: request } : request;
    const { path } = Object(init) as Partial<TestRequest>;
    if (typeof path !== 'string') {
      throw new TypeError(
        `Expected a path or a request with a \`path\`, got ${describeValue(path ?? request)}`,
      );
    }
    if (this.#disposing) throw new Error(`\`${path}\` was requested after the router's disposal`);
    const answer = this.#requests.send(this.#router, init);
    // A test may look at it later than it fails.
    answer.catch(() => undefined);
    return answer;
  }

  async advance(ms: number): Promise<void> {
    await this.#arrived();
    const untilMs = this.clock.now() + ms;
    for (let due = this.clock.nextDueMs; due !== undefined && due <= untilMs;) {
      await this.#moveTo(due);
      due = this.clock.nextDueMs;
    }
    await this.#moveTo(untilMs);
  }

  async release(): Promise<void> {
    await this.#arrived();
    const router = await this.#ready();
    while (router.stats().openBatches > 0 && (await this.#moveToNext()));
  }

  async idle({ patienceMs = 1000 }: { readonly patienceMs?: number } = {}): Promise<void> {
    await this.release();
    const router = await this.#router;
    while (this.#isBusy()) {
      await this.#activity.quiet();
      const isTimesTurn = router.stats().openBatches > 0 || this.#sleepers > 0;
      if (isTimesTurn && (await this.#moveToNext())) continue;
      // A handler waits for something real, or for nothing.
      if (this.#isBusy() && !(await this.#activity.within(patienceMs))) {
        this.#hasTold = true;
        throw leakError(
          `Expected every request and every invocation to end; nothing happened for ${patienceMs} ms, and these are open:`,
          this.#leaks(),
        );
      }
    }
  }

  sleep(ms: number): Promise<void> {
    this.#sleepers += 1;
    return new Promise((resolve) => {
      this.clock.setTimer(ms, () => {
        this.#sleepers -= 1;
        resolve();
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  async #create(config: string | object | RouterConfig): Promise<Router> {
    const router = await createRouter({
      config,
      invoker: this.#invoker,
      clock: this.clock,
      includeBatchSizeHeader: false,
      serverTiming: false,
      startTracing: this.#requests.startTracing,
    });
    this.#recorder = recordBatches(router);
    return router;
  }

  #onUnexpected(error: AssertionError, event: BatchEvent | HttpEvent): void {
    this.#unexpected.push(error);
    for (const item of 'batch' in event ? event.batch : [event]) {
      const made = this.#requests.withId(itemId(item) ?? '');
      if (made) made.failure = error;
    }
  }

  /** The router; the test hears of it when it could not be made. */
  async #ready(): Promise<Router> {
    try {
      return await this.#router;
    } catch (error) {
      this.#hasTold = true;
      throw error;
    }
  }

  async #arrived(): Promise<void> {
    await this.#ready();
    do await this.#activity.quiet();
    while (this.#requests.underway);
  }

  #isBusy(): boolean {
    return (
      this.#requests.unsettled.length > 0 ||
      this.#invoker.invocations.some(({ state }) => state === 'running')
    );
  }

  #leaks(): string[] {
    const { unsettled } = this.#requests;
    return leaksOf({ unsettled, batches: this.batches, invocations: this.invocations });
  }

  async #moveTo(timeMs: number): Promise<void> {
    this.clock.advance(timeMs - this.clock.now());
    await this.#activity.quiet();
  }

  async #moveToNext(): Promise<boolean> {
    const { nextDueMs } = this.clock;
    if (nextDueMs !== undefined) await this.#moveTo(nextDueMs);
    return nextDueMs !== undefined;
  }

  async #dispose(): Promise<void> {
    const router = await this.#router.catch((error: unknown) => {
      if (!this.#hasTold) throw error;
    });
    if (!router) return;
    await this.#arrived();
    const leaks = this.#leaks();
    await this.#close(router);
    this.#recorder?.stop();
    const { pendingTimers } = this.clock;
    if (pendingTimers > 0) leaks.push(`timers that nobody cancelled: ${pendingTimers}`);
    if (leaks.length > 0 && !this.#hasTold) {
      this.#unexpected.push(leakError(NOTHING_LEFT, leaks));
    }
    throwAll(this.#unexpected);
  }

  /** A router waits, by its clock, for what is in flight. */
  async #close(router: Router): Promise<void> {
    const state = { closed: false };
    const closing = router.close().finally(() => (state.closed = true));
    while (!state.closed) {
      await this.#activity.quiet();
      if (!state.closed) await this.#moveToNext();
    }
    await closing;
  }
}

const NOTHING_LEFT = 'Expected nothing to be left when the router was disposed, got';
