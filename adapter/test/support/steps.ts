/** A handler's promise that the test settles, by request id: it decides who goes on, and when. */
export class Steps<T = void> {
  readonly started: string[] = [];
  readonly #open = new Map<string, PromiseWithResolvers<T>>();

  /** Waits, as `id`, until the test calls {@link go} for it. */
  wait(id: string): Promise<T> {
    this.started.push(id);
    return this.#at(id).promise;
  }

  /** Lets `id` go on, with this value. */
  go(id: string, value: T): void {
    this.#at(id).resolve(value);
  }

  #at(id: string): PromiseWithResolvers<T> {
    const open = this.#open.get(id) ?? Promise.withResolvers<T>();
    this.#open.set(id, open);
    return open;
  }
}

/** Lets every promise that is ready run, several times over. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
