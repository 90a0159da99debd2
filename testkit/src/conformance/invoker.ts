import type { Invocation, Invoker } from 'lpr-router';
import { invocation } from '../factories/invocation.ts';
import { functionArn } from '../factories/lambda-context.ts';
import { BUFFERED_CASES } from './invoker-buffered-cases.ts';
import type { ConnectedInvoker, ConnectInvoker, InvokerCase } from './invoker-case.ts';
import { FAILURE_CASES } from './invoker-failure-cases.ts';
import { STREAMED_CASES } from './invoker-streamed-cases.ts';
import { startLambdaEndpoint } from './lambda-endpoint.ts';

/** The test runner: `{ describe, it }` of vitest, jest or `node:test`. */
export interface ConformanceRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
}

/**
 * Runs the suite that every `Invoker` passes: answers, errors, streams, aborts.
 *
 * @example describeInvoker('signed', invokerOverHttp((endpoint) => signedInvoker({ endpoint })), { describe, it });
 */
export function describeInvoker(
  name: string,
  connect: ConnectInvoker,
  { describe, it }: ConformanceRunner,
): void {
  describe(`${name} invoker`, () => {
    for (const { title, run } of [...BUFFERED_CASES, ...STREAMED_CASES, ...FAILURE_CASES]) {
      it(title, () => runCase(connect, run));
    }
  });
}

/** Connects invokers that talk HTTP to a scripted Lambda API on a real socket. */
export function invokerOverHttp(create: (endpoint: string) => Invoker): ConnectInvoker {
  return async (script) => {
    const endpoint = await startLambdaEndpoint(script);
    const invoker = create(endpoint.url);
    const close = async () => {
      await invoker.close?.();
      await endpoint[Symbol.asyncDispose]();
    };
    return { invoker, received: endpoint.received, callerLeft: endpoint.callerLeft, close };
  };
}

async function runCase(connect: ConnectInvoker, run: InvokerCase['run']): Promise<void> {
  const open: ConnectedInvoker[] = [];
  try {
    await run(async (script) => {
      const connected = await connect(script);
      open.push(connected);
      return {
        ...connected,
        invoke: (mode, overrides) => call(connected.invoker, mode, overrides),
      };
    });
  } finally {
    for (const connected of open) await connected.close();
  }
}

function call(invoker: Invoker, mode: Invocation['mode'], overrides: Partial<Invocation> = {}) {
  const event = { v: 1 };
  return invoker.invoke(invocation({ functionArn: FUNCTION_ARN, mode, event, ...overrides }));
}

const FUNCTION_ARN = functionArn('hello:live');
