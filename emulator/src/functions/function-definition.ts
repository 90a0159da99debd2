import type { HandlerSpec } from '../runtime/handler-spec.ts';
import type { Faults } from './faults.ts';
import type { ProcessDefinition } from './process-definition.ts';

/** Seconds a function may run when the manifest does not say; see {@link FunctionDefinition.timeoutSeconds}. */
export const DEFAULT_TIMEOUT_SECONDS = 30;

/** Lambda's default. */
export const DEFAULT_MEMORY_MB = 128;

/** Where a function runs: in the emulator's own process, or in a worker thread per environment. */
export const ISOLATIONS = ['in-process', 'worker'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** What becomes of `Event` invocations that fail or are throttled. */
export interface EventRetries {
  /** An event that is older is dropped. */
  readonly maxAgeMs: number;
  /** How often an event is retried that the function has failed on. */
  readonly maxRetries: number;
  /** How long the first retry waits; the second waits twice as long. */
  readonly retryMs: number;
}

/** Lambda's: an event may be 6 h old, and is retried after 1 min and after 2 min more. */
export const DEFAULT_EVENT_RETRIES: EventRetries = {
  maxAgeMs: 21_600_000,
  maxRetries: 2,
  retryMs: 60_000,
};

/** A function as the emulator runs it. Immutable, defaults applied. */
export interface FunctionDefinition {
  /** As in an ARN. */
  readonly name: string;
  /** Absolute path where `handler` starts. */
  readonly baseDirectory: string;
  readonly handler: HandlerSpec;
  readonly isolation: Isolation;
  /** Of `Mode: layer`: the function is a process of its own, whatever its isolation. */
  readonly process?: ProcessDefinition;
  /**
   * Lambda's default is 3 s. Here it is 30 s, so that unless a manifest says otherwise it is the route's
   * `timeoutMs` that ends a slow request, with a message that names it.
   */
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** How many invocations may run at once; 0 throttles all. By default only the account's limit counts. */
  readonly reservedConcurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths of folders with modules that its layers bring; the first that has a module counts. */
  readonly moduleFolders?: readonly string[];
  readonly faults?: Faults;
  /** Default: {@link DEFAULT_EVENT_RETRIES}. */
  readonly eventRetries?: EventRetries;
}
