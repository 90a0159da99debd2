interface Lane<T> {
  readonly name: string;
  readonly waiting: T[];
}

export interface FairQueueOptions<T> {
  /** Entries that run at a time, over all lanes, >= 1. */
  readonly maxInflight: number;
  /** Runs one entry; settles every failure itself and never rejects. */
  readonly run: (entry: T) => Promise<void>;
}

/**
 * Bounds how much runs at a time and shares it fairly: each lane (a function) is a queue of its own,
 * and the lanes that wait are served in turn, one entry each, so a busy one delays only itself.
 */
export class FairQueue<T> {
  readonly #options: FairQueueOptions<T>;
  /** Lanes with waiting entries, the next to be served first. */
  readonly #lanes = new Map<string, Lane<T>>();
  #inflight = 0;
  #waiting = 0;

  constructor(options: FairQueueOptions<T>) {
    this.#options = options;
  }

  get inflight(): number {
    return this.#inflight;
  }
  /** Entries that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  push(laneName: string, entry: T): void {
    let lane = this.#lanes.get(laneName);
    if (!lane) this.#lanes.set(laneName, (lane = { name: laneName, waiting: [] }));
    lane.waiting.push(entry);
    this.#waiting += 1;
    this.#pump();
  }

  /** Takes back an entry that still waits; false when it has begun. */
  remove(laneName: string, entry: T): boolean {
    const lane = this.#lanes.get(laneName);
    const index = lane?.waiting.indexOf(entry) ?? -1;
    if (!lane || index < 0) return false;
    lane.waiting.splice(index, 1);
    this.#waiting -= 1;
    if (lane.waiting.length === 0) this.#lanes.delete(laneName);
    return true;
  }

  #pump(): void {
    while (this.#inflight < this.#options.maxInflight) {
      const next = this.#takeTurn();
      if (next === undefined) return;
      this.#inflight += 1;
      void this.#options.run(next).finally(() => {
        this.#inflight -= 1;
        this.#pump();
      });
    }
  }

  #takeTurn(): T | undefined {
    for (const [name, lane] of this.#lanes) {
      this.#lanes.delete(name);
      const entry = lane.waiting.shift();
      if (entry === undefined) continue;
      this.#waiting -= 1;
      if (lane.waiting.length > 0) this.#lanes.set(name, lane);
      return entry;
    }
    return undefined;
  }
}
