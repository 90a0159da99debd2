import { randomUUID } from 'node:crypto';
import { toErrorPayload } from '../runtime/errors.ts';
import type { EnvironmentPool, Pooled, PooledEnvironment } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { defaultFunctionArn } from './function-name.ts';
import type { EnvironmentInvocation, FunctionInvocation, FunctionOutcome } from './invocation.ts';
import { InvocationReport } from './invocation-report.ts';
import { afterTime, timedOut, unlessAborted } from './time-limit.ts';

/** How many environments an invocation is handed to when one after the other ends before it takes it. */
const MAX_ATTEMPTS = 3;

/**
 * Invokes a function in an environment of its pool, which its `Timeout` ends. The environment is given
 * back when the handler is done, whenever the caller leaves.
 */
export async function invokePooled<E extends PooledEnvironment>(
  pool: EnvironmentPool<E>,
  definition: FunctionDefinition,
  invocation: FunctionInvocation,
): Promise<FunctionOutcome> {
  const { signal, requestId = randomUUID() } = invocation;
  signal?.throwIfAborted();
  const report = new InvocationReport(definition.name, requestId);
  return unlessAborted(run(pool, definition, { ...invocation, requestId }, report), signal);
}

async function run<E extends PooledEnvironment>(
  pool: EnvironmentPool<E>,
  definition: FunctionDefinition,
  invocation: FunctionInvocation & { readonly requestId: string },
  report: InvocationReport,
  attempt = 1,
): Promise<FunctionOutcome> {
  const { requestId } = invocation;
  let pooled: Pooled<E>;
  try {
    pooled = await pool.take(requestId);
  } catch (thrown) {
    const error = toErrorPayload(thrown);
    report.ended(error);
    return report.failure(error);
  }
  const { environment } = pooled;
  const timeoutMs = definition.timeoutSeconds * 1000;
  const cancel = afterTime(timeoutMs, () => {
    void environment.kill(timedOut(requestId, timeoutMs));
  });
  const event = eventOf(invocation, definition);
  const { answer, finished, lost } = environment.start(event, invocation.signal);
  if (lost !== undefined && (await lost) && attempt < MAX_ATTEMPTS) {
    await finished.catch(() => undefined);
    cancel();
    pool.giveBack(pooled);
    return run(pool, definition, invocation, report, attempt + 1);
  }
  report.started(pooled);
  const settled = finished
    .then(
      () => undefined,
      (failure: unknown) => toErrorPayload(failure),
    )
    .then((error) => {
      cancel();
      pool.giveBack(pooled);
      report.ended(error);
    });
  try {
    const answered = await answer;
    // Whoever has the answer finds this environment free.
    if (answered.type === 'buffered') await settled;
    return { ...answered, requestId, cold: report.cold };
  } catch (failure) {
    await settled;
    return report.failure(toErrorPayload(failure));
  }
}

function eventOf(
  invocation: FunctionInvocation & { readonly requestId: string },
  { name, timeoutSeconds }: FunctionDefinition,
): EnvironmentInvocation {
  const { requestId, payload, mode, clientContext, tenantId, invokedFunctionArn } = invocation;
  return {
    requestId,
    payload: payload.byteLength === 0 ? Buffer.from('{}') : payload,
    mode,
    deadline: Date.now() + timeoutSeconds * 1000,
    invokedFunctionArn: invokedFunctionArn ?? defaultFunctionArn(name),
    clientContext,
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}
