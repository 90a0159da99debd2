import type { Clock } from '../batching/clock.ts';
import type { ActiveRequests } from './active-requests.ts';

/** `serving`; `draining`, still served without a window; `refusing`, nothing new comes in. */
export type Phase = 'serving' | 'draining' | 'refusing';

export interface DrainOptions {
  readonly clock: Clock;
  readonly active: ActiveRequests;
  /** How long requests are still served: a load balancer goes on sending them for a while. */
  readonly delayMs: number;
  /** How long what is in flight may take after that. */
  readonly timeoutMs: number;
  readonly enter: (phase: Phase) => void;
}

/**
 * Ends the taking of requests in order: not ready at once, still serving for `delayMs`, then
 * refusing, and at last answering for those whose function takes longer than `timeoutMs`.
 */
export async function drain(options: DrainOptions): Promise<void> {
  const { clock, active, delayMs, timeoutMs, enter } = options;
  enter('draining');
  if (delayMs > 0) await new Promise<void>((resolve) => clock.setTimer(delayMs, resolve));
  enter('refusing');
  if (await active.idle(clock, timeoutMs)) return;
  active.abandonAll();
  // What is left now is the flushing of answers; closing the server cuts off who does not read.
  await active.idle(clock, FLUSH_MS);
}

const FLUSH_MS = 1000;

/** Resolves with `ended`, and when `timeoutMs` has passed in any case. */
export async function atMost(ended: Promise<void>, clock: Clock, timeoutMs: number): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = clock.setTimer(timeoutMs, timeout.resolve);
  await Promise.race([ended, timeout.promise]);
  timer.cancel();
}
