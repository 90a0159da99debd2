/** How long the first event waits for workers that start, in ms. */
const LIMIT_MS = 3000;

/**
 * The workers with which the runtime begins: the first event waits for them, but not for long. Otherwise
 * the first worker would get every item, and share what befalls one of them.
 */
export class ExpectedWorkers {
  readonly #onLate: () => void;
  #missing = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onLate` is called when they are waited for no longer. */
  constructor(onLate: () => void) {
    this.#onLate = onLate;
  }

  /** Whether all are there, or waited for no longer. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  /** The runtime starts with so many. */
  expect(workers: number): void {
    this.#missing = workers;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One of them asks for its first event. */
  arrived(): void {
    if (this.#missing === 0) return;
    this.#missing -= 1;
    if (this.#missing === 0) {
      clearTimeout(this.#timer);
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#missing = 0;
      this.#onLate();
    }, LIMIT_MS);
  }
}
