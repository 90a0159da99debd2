/**
 * Tells when a content has changed, by comparing fingerprints whenever somebody has reason to look. Looks
 * never overlap: those asked for during one are made up for by one more after it.
 */
export class ContentWatch {
  readonly #fingerprint: () => Promise<string>;
  readonly #onChange: () => void;
  #known: string;
  #looking = false;
  #again = false;
  #closed = false;

  /** `known` is the fingerprint of the content as it is in use. */
  constructor(known: string, fingerprint: () => Promise<string>, onChange: () => void) {
    this.#known = known;
    this.#fingerprint = fingerprint;
    this.#onChange = onChange;
  }

  /** Compares; `onChange` is called before it resolves, and not at all after `close`. */
  async look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#again) {
        this.#again = false;
        const found = await this.#fingerprint();
        if (found === this.#known || this.#closed) continue;
        this.#known = found;
        this.#onChange();
      }
    } finally {
      this.#looking = false;
    }
  }

  close(): void {
    this.#closed = true;
  }
}
