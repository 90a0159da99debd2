import type { FastifyReply } from 'fastify';
import { DEFAULT_MEMORY_MB } from '../functions/function-definition.ts';
import { followLog } from '../functions/log-tail.ts';
import type { LogTail } from '../functions/log-tail.ts';
import type { InvocableFunctions } from '../functions/registry.ts';
import { MAX_ASYNC_EVENT_BYTES } from '../limits.ts';
import { apiErrors } from './error-body.ts';
import type { EventQueue } from './event-queue.ts';
import type { InvocationRequest } from './read-invocation.ts';

/** What an invoke request asks for besides the function. */
export interface InvokeOptions {
  readonly requestId: string;
  /** `X-Amz-Invocation-Type`; `RequestResponse` when absent. */
  readonly invocationType: string | undefined;
  /** `X-Amz-Log-Type`; `None` when absent. */
  readonly logType: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Takes `Event` invocations. */
  readonly events: EventQueue;
}

/** Answers `Invoke`: the whole answer at once, 202 before an `Event` has run, 204 for a `DryRun`. */
export async function invoke(
  registry: InvocableFunctions,
  request: InvocationRequest,
  options: InvokeOptions,
  reply: FastifyReply,
): Promise<void> {
  const { functionName, executedVersion, ...invocation } = request;
  const { requestId, invocationType = 'RequestResponse', signal } = options;
  const call = { ...invocation, requestId, mode: 'buffered' } as const;
  switch (invocationType) {
    case 'DryRun':
      await reply.code(204).send();
      return;
    case 'Event':
      if (call.payload.byteLength > MAX_ASYNC_EVENT_BYTES) {
        throw apiErrors.tooLarge(MAX_ASYNC_EVENT_BYTES, 'InvokeFunction');
      }
      options.events.add(functionName, call);
      await reply.code(202).send();
      return;
    case 'RequestResponse':
      break;
    default:
      throw apiErrors.badParameter(
        `Expected \`InvocationType\` to be RequestResponse, Event or DryRun, got \`${invocationType}\``,
      );
  }
  const log = followLogOf(registry, functionName, options);
  try {
    const outcome = await registry.invoke(functionName, { ...call, signal });
    reply.header('x-amz-executed-version', executedVersion).type('application/json');
    if (log !== undefined) reply.header('x-amz-log-result', log.toBase64());
    switch (outcome.type) {
      case 'buffered':
        await reply.send(outcome.bytes);
        return;
      case 'error':
        await reply.header('x-amz-function-error', 'Unhandled').send(JSON.stringify(outcome.error));
        return;
      case 'stream':
        throw new Error(`Expected a buffered answer of \`${functionName}\`, got a stream`);
      default:
        outcome satisfies never;
    }
  } finally {
    log?.close();
  }
}

/** The log that the client has asked for, if it has. Throws a `LambdaApiError` for an unknown `LogType`. */
export function followLogOf(
  registry: InvocableFunctions,
  functionName: string,
  { requestId, logType = 'None' }: InvokeOptions,
): LogTail | undefined {
  switch (logType) {
    case 'None':
      return undefined;
    case 'Tail': {
      const definition = registry.functions.find(({ name }) => name === functionName);
      return followLog(requestId, definition?.memoryMb ?? DEFAULT_MEMORY_MB);
    }
    default:
      throw apiErrors.badParameter(`Expected \`LogType\` to be None or Tail, got \`${logType}\``);
  }
}
