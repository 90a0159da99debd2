import type { FunctionArn, Invocation } from 'lpr-router';
import { batchEvent } from './batch-event.ts';
import { FACTORY_DEADLINE_MS } from './ids.ts';
import { functionArn } from './lambda-context.ts';

export interface InvocationOptions extends Partial<Omit<Invocation, 'functionArn'>> {
  /** Default: of a function `function`. */
  readonly functionArn?: string;
  /** The payload as a value; default a batch of one. */
  readonly event?: unknown;
}

/** What a router asks of an `Invoker`: buffered, never due, and with a signal that nobody aborts. */
export function invocation(options: InvocationOptions = {}): Invocation {
  const { event = batchEvent(1), functionArn: arn = functionArn('function'), ...fields } = options;
  return {
    batchId: 'b-1',
    mode: 'buffered',
    payload: Buffer.from(JSON.stringify(event)),
    deadline: FACTORY_DEADLINE_MS,
    signal: new AbortController().signal,
    ...fields,
    functionArn: arn as FunctionArn,
  };
}
