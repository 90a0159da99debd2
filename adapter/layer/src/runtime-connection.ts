/**
 * One connection of the function's runtime, and what was handed out on it. A worker or a process of the
 * runtime that dies is known by its connection.
 */
export class RuntimeConnection {
  /** How often it has asked for an event. */
  polls = 0;
  /** Whether it is asking now. */
  polling = false;
  /** What it was handed and has not answered yet, of earlier batches as well. */
  readonly owed = new Set<string>();

  /**
   * Whether losing this connection shows that what it owed will never be answered. A runtime that opens a
   * connection per request closes each of them, and means nothing by it.
   */
  get wasKept(): boolean {
    return this.polling || this.polls > 1;
  }
}

/** A runtime that waits for an event. */
export interface Poll {
  readonly connection: RuntimeConnection;
  /** Hands over an event, or whatever else is the answer to `next`. */
  answer(status: number, rawHeaders: readonly string[], body: string | Uint8Array): void;
  /** Ends the connection: there is no answer. */
  fail(): void;
}
