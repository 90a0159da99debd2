import type { Waiter, WaiterOwner } from '../../src/batching/waiter.ts';

/** A waiter without a client. */
export class TestWaiter implements Waiter {
  readonly id: string;
  readonly arrivalMs: number;
  readonly deadlineMs: number;
  readonly itemBytes: number;
  settled = false;
  readonly answered = false;
  owner: WaiterOwner | undefined;

  constructor(id: string, { arrivalMs = 0, itemBytes = 10 } = {}) {
    this.id = id;
    this.arrivalMs = arrivalMs;
    this.deadlineMs = arrivalMs + 1000;
    this.itemBytes = itemBytes;
  }

  settle(): void {
    this.settled = true;
    this.owner?.waiterSettled(this);
  }
}
