import type { Clock } from '../batching/clock.ts';

interface Active {
  /** Settles the request with the router's own answer, if it still waits. */
  abandon(): void;
}

/** The requests from their arrival until their answer has left or their client has gone. */
export class ActiveRequests {
  readonly #active = new Set<Active>();
  #whenIdle: (() => void)[] = [];

  get count(): number {
    return this.#active.size;
  }

  add(request: Active): void {
    this.#active.add(request);
  }

  remove(request: Active): void {
    this.#active.delete(request);
    if (this.#active.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  abandonAll(): void {
    for (const request of this.#active) request.abandon();
  }

  /** Resolves to true when there is none, to false when `timeoutMs` has passed before. */
  async idle(clock: Clock, timeoutMs: number): Promise<boolean> {
    if (this.#active.size === 0) return true;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs, () => resolve(false));
      this.#whenIdle.push(() => {
        timer.cancel();
        resolve(true);
      });
    });
  }
}
