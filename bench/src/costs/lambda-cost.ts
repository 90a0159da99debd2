import type { Architecture, Prices } from './prices.ts';

/** Invocations of one function that are billed alike. */
export interface BilledInvocations {
  readonly invocations: number;
  /** Of one invocation, in ms; each is billed for whole milliseconds. */
  readonly billedMs: number;
  readonly memoryMb: number;
  readonly architecture: Architecture;
}

/** What Lambda charges for them, in USD: requests and duration, without free tier. */
export function lambdaCost(
  { invocations, billedMs, memoryMb, architecture }: BilledInvocations,
  { lambda }: Prices,
): number {
  const gbSeconds = (invocations * billedMs * memoryMb) / 1000 / 1024;
  return (
    (invocations * lambda.perMillionRequests) / 1e6 + gbSeconds * lambda.perGbSecond[architecture]
  );
}
