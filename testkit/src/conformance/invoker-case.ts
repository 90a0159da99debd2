import type { Invocation, InvokeAnswer, Invoker } from 'lpr-router';
import type { FunctionScript, ReceivedInvocation } from './function-script.ts';

/** An invoker with a scripted function behind it. */
export interface ConnectedInvoker {
  readonly invoker: Invoker;
  /** What reached the function, in order. */
  readonly received: readonly ReceivedInvocation[];
  /** Resolves when the other side has noticed that its caller left. */
  readonly callerLeft: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes an invoker whose function does what the script says. */
export type ConnectInvoker = (script: FunctionScript) => Promise<ConnectedInvoker>;

/** What every invoker has to do; `run` rejects when it does not. */
export interface InvokerCase {
  readonly title: string;
  readonly run: (connect: ConnectForCase) => Promise<void>;
}

/** An invoker for one case, and a shorthand for calling it. */
export interface InvokerUnderTest extends ConnectedInvoker {
  readonly invoke: (
    mode: Invocation['mode'],
    overrides?: Partial<Invocation>,
  ) => Promise<InvokeAnswer>;
}
export type ConnectForCase = (script: FunctionScript) => Promise<InvokerUnderTest>;
