/** Told when one of its waiters is settled; a waiter has at most one owner. */
export interface WaiterOwner {
  waiterSettled(waiter: Waiter): void;
}

/**
 * A request that waits for its answer. It is settled exactly once: by its answer, its deadline, its
 * client's disconnect or the failure of its invocation; then it tells its owner.
 */
export interface Waiter {
  /** `requestContext.requestId`, unique in the process. */
  readonly id: string;
  /** Epoch ms. */
  readonly arrivalMs: number;
  /** Epoch ms after which the caller no longer waits. */
  readonly deadlineMs: number;
  /** UTF-8 bytes of the item in a payload. */
  readonly itemBytes: number;
  readonly settled: boolean;
  /** Settled by its own answer, and not because nobody waits for it any more. */
  readonly answered: boolean;
  owner: WaiterOwner | undefined;
}
