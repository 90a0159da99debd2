import type { AssertionError } from 'node:assert';
import { InvokeError } from 'lpr-router';
import type { Clock, Invocation, InvocationMode, InvokeAnswer, Invoker } from 'lpr-router';
import { isBatchEvent } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { assertionError } from '../assertion-error.ts';
import { lambdaContext } from '../factories/lambda-context.ts';
import { startFunction, thrownBy } from '../run-handler.ts';
import type { TestHandler } from '../run-handler.ts';
import type { Activity } from './activity.ts';

/** An invocation of a function of a test router. */
export interface TestInvocation {
  readonly batchId: string;
  readonly functionName: string;
  readonly mode: InvocationMode;
  readonly tenantId: string | undefined;
  /** A batch event, or the item itself on a route of format `single`. */
  readonly event: BatchEvent | HttpEvent;
  /** `running` until its answer was read whole. */
  readonly state: 'running' | 'answered' | 'failed';
  /** What a failed one failed with: as a rule, what the handler threw. */
  readonly error: unknown;
}

type OwnInvocation = { -readonly [K in keyof TestInvocation]: TestInvocation[K] };

export interface TestInvokerOptions {
  /** By function name. */
  readonly handlers: Readonly<Record<string, TestHandler>>;
  readonly clock: Clock;
  readonly activity: Activity;
  /** Told of an invocation that has no handler. */
  readonly onUnexpected: (error: AssertionError, event: BatchEvent | HttpEvent) => void;
}

/** The exit of a test router: calls handlers instead of Lambda, and remembers what it was asked. */
export class TestInvoker implements Invoker {
  readonly invocations: OwnInvocation[] = [];
  readonly #options: TestInvokerOptions;

  constructor(options: TestInvokerOptions) {
    this.#options = options;
  }

  async invoke(call: Invocation): Promise<InvokeAnswer> {
    if (call.signal.aborted) throw callerGone();
    const { handlers, clock, activity, onUnexpected } = this.#options;
    const functionName = call.functionArn.split(':')[6] ?? call.functionArn;
    const text = Buffer.from(call.payload).toString();
    const event = JSON.parse(text) as BatchEvent | HttpEvent;
    const { batchId, mode, tenantId } = call;
    const invocation: OwnInvocation = {
      batchId,
      functionName,
      mode,
      tenantId,
      event,
      state: 'running',
      error: undefined,
    };
    this.invocations.push(invocation);
    activity.mark();
    const over: Over = (state, error) => {
      invocation.state = state;
      invocation.error = thrownBy(error);
      activity.mark();
    };
    const handler = Object.hasOwn(handlers, functionName) ? handlers[functionName] : undefined;
    if (!handler) {
      const error = unexpected(functionName, Object.keys(handlers));
      over('failed', error);
      onUnexpected(error, event);
      throw new InvokeError('LPR_FUNCTION_UNREACHABLE', `No handler for ${functionName}`);
    }
    const context = lambdaContext({
      functionName,
      awsRequestId: batchId,
      clock,
      remainingTimeMs: call.deadline - clock.now(),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
    const own = onRealClock(JSON.parse(text), clock);
    try {
      const answer = await unlessAborted(startFunction(handler, own, context, mode), call.signal);
      if (answer.type === 'stream') {
        return { ...answer, chunks: watched(answer.chunks, call.signal, activity, over) };
      }
      over('answered');
      return answer;
    } catch (error) {
      over('failed', error);
      throw error;
    }
  }
}

type Over = (state: 'answered' | 'failed', error?: unknown) => void;

async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  activity: Activity,
  over: Over,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await unlessAborted(iterator.next(), signal);
      if (done) break;
      activity.mark();
      yield value;
    }
    over('answered');
  } catch (error) {
    over('failed', error);
    throw error;
  }
}

/** Nobody waits for a handler that hangs: as with Lambda, it runs on unheard. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(callerGone());
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The event as a handler is to see it, which reads the real clock: with deadlines as far off as they are for the router.
 * It is a copy: what a handler does to its event is not seen in `invocations`.
 */
function onRealClock(event: unknown, clock: Clock): unknown {
  if (isBatchEvent(event)) {
    return { ...event, batch: event.batch.map((item) => onRealClock(item, clock)) };
  }
  const { requestContext } = Object(event) as Partial<HttpEvent>;
  if (!requestContext?.lpr) return event;
  const deadlineMs = Date.now() - clock.now() + requestContext.lpr.deadlineMs;
  return { ...(event as HttpEvent), requestContext: { ...requestContext, lpr: { deadlineMs } } };
}

function callerGone(): InvokeError {
  return new InvokeError('LPR_FUNCTION_UNREACHABLE', 'Nobody waits for the answer');
}

function unexpected(functionName: string, known: readonly string[]): AssertionError {
  const handlers = known.join(', ') || 'none';
  return assertionError({
    message: `Expected no invocation of \`${functionName}\`, which has no handler (there are: ${handlers})`,
    operator: 'createTestRouter',
  });
}
