import type { Clock } from '../batching/clock.ts';

interface Active {
  /** Where it stands among the others; nobody else's business. */
  slot: number;
  /** Settles the request with the router's own answer, if it still waits. */
  abandon(): void;
}

/**
 * The requests from their arrival until their answer has left or their client has gone.
 *
 * No `Set`: its table is replaced every few hundred requests, and a replaced one that has grown old
 * keeps all that were in it from the collection of young garbage.
 */
export class ActiveRequests {
  readonly #active: Active[] = [];
  #whenIdle: (() => void)[] = [];

  get count(): number {
    return this.#active.length;
  }

  add(request: Active): void {
    request.slot = this.#active.push(request) - 1;
  }

  remove(request: Active): void {
    const last = this.#active.pop()!;
    if (last !== request) {
      last.slot = request.slot;
      this.#active[request.slot] = last;
    }
    if (this.#active.length > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  abandonAll(): void {
    // A copy: whoever is abandoned may leave at once.
    for (const request of this.#active.slice()) request.abandon();
  }

  /** Resolves to true when there is none, to false when `timeoutMs` has passed before. */
  async idle(clock: Clock, timeoutMs: number): Promise<boolean> {
    if (this.#active.length === 0) return true;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs, () => resolve(false));
      this.#whenIdle.push(() => {
        timer.cancel();
        resolve(true);
      });
    });
  }
}
