import { WireCode } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import type { BatchItem } from './read-batch.ts';
import type { RuntimeConnection } from './runtime-connection.ts';
import { failureRecord } from './to-record.ts';

/** An item on its way through the runtime. Overdue: answered for it, but the runtime still has it. */
interface Entry {
  readonly item: BatchItem;
  state: 'waiting' | 'running' | 'overdue' | 'settled';
  connection: RuntimeConnection | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** What becomes of a batch. */
export interface BatchListener {
  /** Called once per item. */
  record(record: ResponseRecord): void;
  /** Called once, after the last record. */
  settled(): void;
}

/** The items of one batch: each is handed out at most once and answered exactly once. */
export class VirtualInvocations {
  readonly #entries = new Map<string, Entry>();
  readonly #waiting: Entry[] = [];
  readonly #maxInFlight: number;
  readonly #listener: BatchListener;
  #inFlight = 0;
  #unanswered: number;
  #answeredByRuntime = 0;

  /** `maxInFlight`: most items that the runtime has at once. */
  constructor(items: readonly BatchItem[], maxInFlight: number, listener: BatchListener) {
    this.#maxInFlight = maxInFlight;
    this.#listener = listener;
    this.#unanswered = items.length;
    for (const item of items) {
      const entry: Entry = { item, state: 'waiting', connection: undefined, timer: undefined };
      this.#entries.set(item.id, entry);
      this.#waiting.push(entry);
      if (item.deadline !== undefined) this.#startTimer(entry, item.deadline);
    }
  }

  /** Whether any answer came from the handler itself. */
  get anyAnswered(): boolean {
    return this.#answeredByRuntime > 0;
  }

  /** Whether an item is ready to be handed out. */
  get hasNext(): boolean {
    this.#dropSettled();
    return this.#waiting.length > 0 && this.#inFlight < this.#maxInFlight;
  }

  /** Hands out the next item to `connection`; call it only when there is one. */
  take(connection: RuntimeConnection): BatchItem | undefined {
    this.#dropSettled();
    const entry = this.#waiting.shift();
    if (entry === undefined) return undefined;
    entry.state = 'running';
    entry.connection = connection;
    this.#inFlight += 1;
    return entry.item;
  }

  /** Whether the item was handed out and its answer is still wanted. */
  isRunning(id: string): boolean {
    return this.#entries.get(id)?.state === 'running';
  }

  /** The runtime has answered. Ids that are unknown, answered or never handed out are ignored. */
  answer(id: string, record: ResponseRecord): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (entry.state === 'overdue') {
      entry.state = 'settled';
      this.#inFlight -= 1;
    } else if (entry.state === 'running') {
      this.#answeredByRuntime += 1;
      this.#settle(entry, record);
    }
  }

  /** Whatever `connection` still had will not be answered. Returns how many items that were. */
  lose(connection: RuntimeConnection, message: string): number {
    return this.#fail(
      message,
      (entry) => entry.connection === connection && entry.state !== 'waiting',
    );
  }

  /** Nothing more will be answered. */
  loseAll(message: string): number {
    return this.#fail(message, () => true);
  }

  /** Answers everything that is open with a 504: the deadline of the invocation itself is near. */
  expireAll(): void {
    for (const entry of this.#entries.values()) this.#expire(entry);
  }

  /** Forgets everything: nobody reads the answers any more. */
  cancel(): void {
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer);
      entry.state = 'settled';
    }
  }

  #fail(message: string, isLost: (entry: Entry) => boolean): number {
    let lost = 0;
    for (const entry of this.#entries.values()) {
      if (entry.state === 'settled' || !isLost(entry)) continue;
      if (entry.state === 'overdue') {
        entry.state = 'settled';
        this.#inFlight -= 1;
        continue;
      }
      lost += 1;
      this.#settle(entry, failureRecord(entry.item.id, 502, WireCode.FunctionError, message));
    }
    return lost;
  }

  #expire(entry: Entry): void {
    if (entry.state !== 'waiting' && entry.state !== 'running') return;
    const { id } = entry.item;
    const message = 'The function did not answer in time';
    const record = failureRecord(id, 504, WireCode.DeadlineExceeded, message);
    const wasRunning = entry.state === 'running';
    // The runtime is still busy with it, so it keeps its place among those in flight.
    if (wasRunning) this.#inFlight += 1;
    this.#settle(entry, record);
    if (wasRunning) entry.state = 'overdue';
  }

  #settle(entry: Entry, record: ResponseRecord): void {
    if (entry.state === 'running') this.#inFlight -= 1;
    entry.state = 'settled';
    clearTimeout(entry.timer);
    this.#unanswered -= 1;
    this.#listener.record(record);
    if (this.#unanswered === 0) this.#listener.settled();
  }

  #dropSettled(): void {
    while (this.#waiting[0]?.state === 'settled') this.#waiting.shift();
  }

  #startTimer(entry: Entry, deadline: number): void {
    // A timer takes 31 bits at most; that is far beyond any invocation.
    const delay = Math.min(Math.max(deadline - Date.now(), 0), 0x7fff_ffff);
    entry.timer = setTimeout(() => this.#expire(entry), delay);
  }
}
