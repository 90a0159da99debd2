/** What goes wrong on purpose, and how often. Rates are from 0 to 1, times in ms; what is absent never happens. */
export interface Faults {
  /** Added to the first invocation of an environment. */
  readonly coldStartMs?: number;
  /** Added to every invocation. */
  readonly latencyMs?: number;
  /** Invocations refused with 429. */
  readonly throttleRate?: number;
  /** Invocations whose environment exits before it answers. */
  readonly crashRate?: number;
  /** Records of an answer that are left out. */
  readonly missingRate?: number;
  /** Records of an answer that come twice. */
  readonly duplicateRate?: number;
  /** Records that are preceded by one for an id that nobody has. */
  readonly unknownRate?: number;
  /** Records that are no record any more. */
  readonly malformedRate?: number;
  /** Streamed answers that break off in the middle. */
  readonly cutRate?: number;
}
