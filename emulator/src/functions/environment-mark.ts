import { channels } from './channels.ts';
import type { EnvironmentEnded, EnvironmentStarted } from './channels.ts';

let last = 0;

/** Tells of one execution environment: that it is there when this is made, and that it ends. */
export class EnvironmentMark {
  readonly id: number;
  readonly #functionName: string;

  constructor(functionName: string, initMs: number) {
    last += 1;
    this.id = last;
    this.#functionName = functionName;
    const started: EnvironmentStarted = { functionName, environment: last, initMs };
    channels.environmentStarted.publish(started);
  }

  /** To be called once. */
  end(): void {
    const ended: EnvironmentEnded = { functionName: this.#functionName, environment: this.id };
    channels.environmentEnded.publish(ended);
  }
}
