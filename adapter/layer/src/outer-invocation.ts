import { BufferedBatchAnswer, StreamedBatchAnswer, postError } from './batch-answer.ts';
import type { AnsweredInvocation, Failure } from './batch-answer.ts';
import { ExpectedWorkers } from './expected-workers.ts';
import type { Log } from './log.ts';
import { transition } from './outer-state.ts';
import type { BatchState, OuterState } from './outer-state.ts';
import { PollQueue } from './poll-queue.ts';
import { readEvent } from './read-batch.ts';
import type { BatchItem } from './read-batch.ts';
import { NEXT_PATH } from './runtime-api-client.ts';
import type { RuntimeApiClient, UpstreamAnswer } from './runtime-api-client.ts';
import type { Poll, RuntimeConnection } from './runtime-connection.ts';
import { echoedHeaders, itemHeaders, sharedHeaders, textHeader } from './virtual-headers.ts';
import { VirtualInvocations } from './virtual-invocations.ts';
import type { ResponseRecord } from 'lpr-protocol';

/** The answer to a batch is completed this long before its deadline, in ms, or a tenth of the time if that is less. */
const MARGIN_MS = 300;

/** Takes one outer invocation at a time from the real API and has the runtime work on it. */
export class OuterInvocation {
  readonly #client: RuntimeApiClient;
  readonly #maxConcurrency: number;
  readonly #log: Log;
  readonly #connections = new Set<RuntimeConnection>();
  /** Who was handed what, until it is answered. */
  readonly #owners = new Map<string, RuntimeConnection>();
  readonly #polls = new PollQueue(this.#connections);
  #state: OuterState = { type: 'idle' };
  readonly #workers = new ExpectedWorkers(() => this.#advance());
  #idleListeners: (() => void)[] = [];

  constructor(client: RuntimeApiClient, maxConcurrency: number | undefined, log: Log) {
    this.#client = client;
    this.#maxConcurrency = maxConcurrency ?? Infinity;
    this.#log = log;
  }

  get state(): OuterState['type'] {
    return this.#state.type;
  }

  connected(connection: RuntimeConnection): void {
    this.#connections.add(connection);
  }

  /** The runtime starts with so many workers; the first event waits until each of them asks. */
  expect(workers: number): void {
    this.#workers.expect(workers);
  }

  /** The runtime asks for an event. */
  poll(poll: Poll): void {
    this.#polls.add(poll);
    if (poll.connection.polls === 1) this.#workers.arrived();
    this.#advance();
  }

  /** The runtime no longer waits. Call it before {@link disconnected}, which looks at what was asked. */
  withdraw(poll: Poll): void {
    this.#polls.withdraw(poll);
  }

  /** A connection has gone; where that shows that a worker has died, what it had is lost. */
  disconnected(connection: RuntimeConnection): void {
    this.#connections.delete(connection);
    const lost = connection.wasKept && connection.owed.size > 0;
    if (lost) for (const id of connection.owed) this.#owners.delete(id);
    const state = this.#state;
    if (lost && state.type === 'batch') {
      const count = state.items.lose(connection, 'The function ended before it answered');
      if (count > 0) this.#log('ERROR', 'A worker of the runtime has ended', { unanswered: count });
    } else if (lost && state.type === 'passthrough' && state.connection === connection) {
      this.#report(state, {
        errorType: 'Runtime.ExitError',
        errorMessage: 'A worker of the runtime has ended',
      });
    }
    this.#advance();
  }

  /** Whether an answer for this id goes on to the real API as it is. */
  isOuter(id: string): boolean {
    return this.#state.type === 'passthrough' && this.#state.id === id;
  }

  /** An answer that is passed on; resolves `passed` when that is over. */
  async passOn(id: string, passed: Promise<boolean>): Promise<void> {
    this.#disown(id);
    this.#become({ type: 'finalizing' });
    if (!(await passed)) this.#log('ERROR', 'An answer could not be passed on', { requestId: id });
    this.#become({ type: 'idle' });
  }

  /** An answer for an item; unless it is wanted, it is ignored. */
  answer(id: string, record: ResponseRecord): void {
    this.#disown(id);
    if (this.#state.type === 'batch') this.#state.items.answer(id, record);
    this.#advance();
  }

  /** The runtime as a whole has ended, or is about to: whatever is open has failed. */
  fail(failure: Failure): void {
    const state = this.#state;
    if (state.type === 'passthrough') return this.#report(state, failure);
    if (state.type !== 'batch') return;
    if (!state.answer.begun && !state.items.anyAnswered) {
      clearTimeout(state.timer);
      state.items.cancel();
      return this.#report(state, failure);
    }
    this.#log('ERROR', failure.errorMessage, { errorType: failure.errorType, requestId: state.id });
    state.failure = failure;
    state.items.loseAll('The function ended before it answered');
  }

  /** Resolves when no outer invocation is under way. */
  whenIdle(): Promise<void> {
    if (this.#state.type === 'idle' || this.#state.type === 'fetching') return Promise.resolve();
    return new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  #become(state: OuterState): void {
    this.#state = transition(this.#state, state);
    if (state.type !== 'idle') return;
    for (const listener of this.#idleListeners.splice(0)) listener();
    this.#advance();
  }

  /** Does whatever the polls and the state allow. */
  #advance(): void {
    const state = this.#state;
    switch (state.type) {
      case 'idle':
        if (this.#workers.complete && this.#polls.hasFree) void this.#fetch();
        return;
      case 'batch':
        this.#handOut(state);
        return;
      case 'passthrough': {
        const { event } = state;
        const poll = event === undefined ? undefined : this.#polls.takeOldest();
        if (event === undefined || poll === undefined) return;
        state.event = undefined;
        state.connection = poll.connection;
        this.#own(state.id, poll.connection);
        poll.answer(event.status, event.rawHeaders, event.body);
        return;
      }
      case 'fetching':
      case 'finalizing':
        return;
      default:
        state satisfies never;
    }
  }

  #handOut({ items, shared }: BatchState): void {
    const isRunning = (id: string): boolean => items.isRunning(id);
    while (items.hasNext) {
      const poll = this.#polls.takeBest(isRunning);
      const item = poll && items.take(poll.connection);
      if (item === undefined) return;
      this.#own(item.id, poll!.connection);
      poll!.answer(200, [...shared, ...itemHeaders(item)], JSON.stringify(item.event));
    }
  }

  async #fetch(): Promise<void> {
    this.#become({ type: 'fetching' });
    let event: UpstreamAnswer;
    try {
      event = await this.#client.get(NEXT_PATH);
    } catch (error) {
      this.#log('ERROR', `The Runtime API gave no event: ${String(error)}`);
      this.#polls.takeOldest()?.fail();
      this.#become({ type: 'idle' });
      return;
    }
    const id = textHeader(event, 'lambda-runtime-aws-request-id');
    if (event.status !== 200 || id === undefined) {
      // Whatever it is, the runtime knows best what to do about it.
      this.#polls.takeOldest()?.answer(event.status, event.rawHeaders, event.body);
      this.#become({ type: 'idle' });
      return;
    }
    this.#begin(id, event);
  }

  #begin(id: string, event: UpstreamAnswer): void {
    const deadline = Number(textHeader(event, 'lambda-runtime-deadline-ms') ?? Number.NaN);
    const outerDeadline = Number.isFinite(deadline) ? deadline : undefined;
    const read = readEvent(event.body, outerDeadline);
    const outer = { id, echoed: echoedHeaders(event) };
    switch (read.type) {
      case 'other':
        this.#become({ type: 'passthrough', ...outer, event, connection: undefined });
        return this.#advance();
      case 'bad_batch':
        return this.#report(outer, { errorType: 'Lpr.BadBatch', errorMessage: read.message });
      case 'batch':
        return this.#beginBatch(outer, event, read.items, outerDeadline);
      default:
        read satisfies never;
    }
  }

  #beginBatch(
    outer: AnsweredInvocation,
    event: UpstreamAnswer,
    batch: readonly BatchItem[],
    deadline: number | undefined,
  ): void {
    const isStream = textHeader(event, 'lambda-runtime-function-response-mode') === 'streaming';
    const answer = isStream
      ? new StreamedBatchAnswer(this.#client, outer, (error) => this.#lose(state, error))
      : new BufferedBatchAnswer(
          this.#client,
          outer,
          batch.map((item) => item.id),
        );
    const items = new VirtualInvocations(batch, this.#maxConcurrency, {
      record: (record) => answer.write(record),
      settled: () => void this.#finish(state),
    });
    const shared = sharedHeaders(event);
    const state: BatchState = {
      type: 'batch',
      ...outer,
      shared,
      items,
      answer,
      timer: undefined,
      failure: undefined,
    };
    this.#become(state);
    if (batch.length === 0) return void this.#finish(state);
    if (deadline !== undefined) {
      const left = deadline - Date.now();
      const delay = Math.max(left - Math.min(MARGIN_MS, left / 10), 0);
      state.timer = setTimeout(() => items.expireAll(), Math.min(delay, 0x7fff_ffff));
    }
    this.#advance();
  }

  /** Every item is answered. */
  async #finish(state: BatchState): Promise<void> {
    if (this.#state !== state) return;
    clearTimeout(state.timer);
    this.#become({ type: 'finalizing' });
    const { id, answer, failure } = state;
    try {
      await answer.end(failure);
    } catch (error) {
      this.#log('ERROR', `The answer was not taken: ${String(error)}`, { requestId: id });
    }
    this.#become({ type: 'idle' });
  }

  /** Nobody reads the answer any more. */
  #lose(state: BatchState, error: Error): void {
    if (this.#state !== state) return;
    clearTimeout(state.timer);
    this.#become({ type: 'finalizing' });
    state.items.cancel();
    this.#log('ERROR', `The answer broke off: ${error.message}`, { requestId: state.id });
    this.#become({ type: 'idle' });
  }

  /** Reports an invocation that has no answer yet as failed. */
  #report({ id, echoed }: AnsweredInvocation, failure: Failure): void {
    this.#become({ type: 'finalizing' });
    this.#disown(id);
    this.#log('ERROR', failure.errorMessage, { errorType: failure.errorType, requestId: id });
    postError(this.#client, { id, echoed }, failure)
      .catch((error: unknown) => {
        this.#log('ERROR', `The failure was not taken: ${String(error)}`, { requestId: id });
      })
      .finally(() => this.#become({ type: 'idle' }));
  }

  #own(id: string, connection: RuntimeConnection): void {
    connection.owed.add(id);
    this.#owners.set(id, connection);
  }

  #disown(id: string): void {
    this.#owners.get(id)?.owed.delete(id);
    this.#owners.delete(id);
  }
}
