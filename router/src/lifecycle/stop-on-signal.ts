/** A terminal and npm may both deliver the same Ctrl-C: what follows this soon is no second one. */
const SAME_SIGNAL_MS = 500;

export interface StopOptions {
  /** Default: SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Ends everything in order; the process then ends with code 0. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  /** Told before `stop` fails or is cut short, with what to print. */
  readonly onForced: (reason: string) => void;
}

/**
 * Stops in order on the first of the signals and exits with 0. A second signal more than 500 ms after the
 * first exits with 1 at once, and so does a `stop` that rejects.
 */
export function stopOnSignal({
  signals = ['SIGINT', 'SIGTERM'],
  stop,
  onForced,
}: StopOptions): void {
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const nowMs = performance.now();
    if (firstAtMs !== undefined) {
      if (nowMs - firstAtMs < SAME_SIGNAL_MS) return;
      onForced(`Stopped at once: second ${signal}`);
      process.exit(1);
    }
    firstAtMs = nowMs;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        onForced(`Expected to stop in order, got ${String(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}
