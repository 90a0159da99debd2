import { channels } from './channels.ts';
import type { EnvironmentEnded, EnvironmentStarted } from './channels.ts';

let last = 0;

/** Tells of one execution environment: that it is there when this is made, and once when it ends. */
export class EnvironmentMark {
  readonly id: number;
  readonly #functionName: string;
  #ended = false;

  constructor(functionName: string, initMs: number) {
    last += 1;
    this.id = last;
    this.#functionName = functionName;
    const started: EnvironmentStarted = { functionName, environment: last, initMs };
    channels.environmentStarted.publish(started);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const ended: EnvironmentEnded = { functionName: this.#functionName, environment: this.id };
    channels.environmentEnded.publish(ended);
  }
}
