/** What waits for its turn. */
export interface QueueEntry {
  /** The lane it waits in: entries of other lanes are not delayed by it. */
  readonly lane: string;
  /** Entries of the lane that may run at a time when this one starts. */
  readonly laneLimit: number;
}

interface Lane<T> {
  readonly waiting: T[];
  running: number;
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
export class FairQueue<T extends QueueEntry> {
  readonly #maxInflight: number;
  readonly #run: (entry: T) => Promise<void>;
  /** In the order of their turns: the lane served last is the last. */
  readonly #lanes = new Map<string, Lane<T>>();
  #inflight = 0;
  #waiting = 0;
  #idle: (() => void)[] = [];

  constructor(options: FairQueueOptions<T>) {
    this.#maxInflight = options.maxInflight;
    this.#run = options.run;
  }

  get inflight(): number {
    return this.#inflight;
  }
  /** Entries that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether an entry would have to wait. */
  isSaturated({ lane: name, laneLimit }: QueueEntry): boolean {
    const lane = this.#lanes.get(name);
    return (
      this.#inflight >= this.#maxInflight ||
      (lane !== undefined && (lane.waiting.length > 0 || lane.running >= laneLimit))
    );
  }

  push(entry: T): void {
    let lane = this.#lanes.get(entry.lane);
    if (!lane) this.#lanes.set(entry.lane, (lane = { waiting: [], running: 0 }));
    lane.waiting.push(entry);
    this.#waiting += 1;
    this.#pump();
  }

  /** Takes back an entry that still waits; false when it has begun. */
  remove(entry: T): boolean {
    const lane = this.#lanes.get(entry.lane);
    const index = lane?.waiting.indexOf(entry) ?? -1;
    if (!lane || index < 0) return false;
    lane.waiting.splice(index, 1);
    this.#waiting -= 1;
    this.#forgetIfUnused(entry.lane, lane);
    return true;
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    if (this.#inflight + this.#waiting === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    while (this.#waiting > 0 && this.#inflight < this.#maxInflight) {
      const turn = this.#takeTurn();
      if (!turn) return;
      const { entry, lane } = turn;
      this.#inflight += 1;
      lane.running += 1;
      void this.#run(entry).finally(() => {
        this.#inflight -= 1;
        lane.running -= 1;
        this.#forgetIfUnused(entry.lane, lane);
        this.#pump();
        if (this.#inflight + this.#waiting > 0) return;
        for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  #takeTurn(): { entry: T; lane: Lane<T> } | undefined {
    for (const [name, lane] of this.#lanes) {
      const entry = lane.waiting[0];
      if (entry === undefined || lane.running >= entry.laneLimit) continue;
      lane.waiting.shift();
      this.#waiting -= 1;
      this.#lanes.delete(name);
      this.#lanes.set(name, lane);
      return { entry, lane };
    }
    return undefined;
  }

  #forgetIfUnused(name: string, lane: Lane<T>): void {
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(name);
  }
}
