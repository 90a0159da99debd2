import type { AnsweredInvocation, BatchAnswer, Failure } from './batch-answer.ts';
import type { RuntimeConnection } from './runtime-connection.ts';
import type { UpstreamAnswer } from './runtime-api-client.ts';
import type { VirtualInvocations } from './virtual-invocations.ts';

/** An outer invocation whose items are at work. */
export interface BatchState extends AnsweredInvocation {
  readonly type: 'batch';
  /** Headers of `next` that every item gets as well. */
  readonly shared: readonly string[];
  readonly items: VirtualInvocations;
  readonly answer: BatchAnswer;
  /** Completes the answer before the outer deadline. */
  timer: NodeJS.Timeout | undefined;
  /** Why the invocation is to be reported as failed, once it is. */
  failure: Failure | undefined;
}

/** An outer invocation that the runtime handles itself. */
export interface PassthroughState extends AnsweredInvocation {
  readonly type: 'passthrough';
  /** The event until somebody has it: it may be large. */
  event: UpstreamAnswer | undefined;
  /** Who has the event; nobody yet when `undefined`. */
  connection: RuntimeConnection | undefined;
}

/** Where the proxy is with the one outer invocation that it can have. */
export type OuterState =
  | { readonly type: 'idle' }
  | { readonly type: 'fetching' }
  | BatchState
  | PassthroughState
  | { readonly type: 'finalizing' };

const NEXT: Readonly<Record<OuterState['type'], readonly OuterState['type'][]>> = {
  idle: ['fetching'],
  fetching: ['batch', 'passthrough', 'finalizing', 'idle'],
  batch: ['finalizing'],
  passthrough: ['finalizing'],
  finalizing: ['idle'],
};

/** The state after `from`. Throws when `to` cannot follow it. */
export function transition(from: OuterState, to: OuterState): OuterState {
  if (NEXT[from.type].includes(to.type)) return to;
  throw new Error(
    `Expected one of ${NEXT[from.type].join(', ')} after ${from.type}, got ${to.type}`,
  );
}
