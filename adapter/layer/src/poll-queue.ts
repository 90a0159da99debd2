import type { Poll, RuntimeConnection } from './runtime-connection.ts';

/** Whether a handed-out item is still within its time. */
export type IsRunning = (id: string) => boolean;

/** The runtime's polls that wait for an event, and on which of them to put it. */
export class PollQueue {
  readonly #connections: ReadonlySet<RuntimeConnection>;
  readonly #polls: Poll[] = [];

  /** `connections`: all of the runtime's, kept up to date by its owner. */
  constructor(connections: ReadonlySet<RuntimeConnection>) {
    this.#connections = connections;
  }

  add(poll: Poll): void {
    poll.connection.polls += 1;
    poll.connection.polling = true;
    this.#polls.push(poll);
  }

  /** Nobody waits any more. The connection's `polling` stays: it went while it was asking. */
  withdraw(poll: Poll): void {
    const index = this.#polls.indexOf(poll);
    if (index >= 0) this.#polls.splice(index, 1);
  }

  /** The poll that waits longest. */
  takeOldest(): Poll | undefined {
    return this.#taken(this.#polls[0]);
  }

  /** Whether a worker polls that owes nothing. One that hangs must not be the only one to get the next batch. */
  get hasFree(): boolean {
    return this.#polls.some(({ connection }) => connection.owed.size === 0);
  }

  /**
   * The poll of the worker that has least to do. A worker that is late with an item perhaps hangs: it gets
   * another only when there is no other worker.
   */
  takeBest(isRunning: IsRunning): Poll | undefined {
    let best: Poll | undefined;
    for (const poll of this.#polls) {
      if (
        best === undefined ||
        load(poll.connection, isRunning) < load(best.connection, isRunning)
      ) {
        best = poll;
      }
    }
    if (best === undefined || !isLate(best.connection, isRunning)) return this.#taken(best);
    for (const connection of this.#connections) {
      if (connection.polls > 0 && !isLate(connection, isRunning)) return undefined;
    }
    return this.#taken(best);
  }

  #taken(poll: Poll | undefined): Poll | undefined {
    if (poll === undefined) return undefined;
    this.withdraw(poll);
    poll.connection.polling = false;
    return poll;
  }
}

const LATE = 1_000_000;

function load({ owed }: RuntimeConnection, isRunning: IsRunning): number {
  let sum = 0;
  for (const id of owed) sum += isRunning(id) ? 1 : LATE;
  return sum;
}

function isLate(connection: RuntimeConnection, isRunning: IsRunning): boolean {
  return load(connection, isRunning) >= LATE;
}
