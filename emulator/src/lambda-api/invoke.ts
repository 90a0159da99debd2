import type { FastifyReply } from 'fastify';
import type { FunctionRegistry } from '../functions/registry.ts';
import { MAX_ASYNC_EVENT_BYTES } from '../limits.ts';
import { apiErrors } from './error-body.ts';
import type { InvocationRequest } from './read-invocation.ts';

/** What an invoke request asks for besides the function. */
export interface InvokeOptions {
  readonly requestId: string;
  /** `X-Amz-Invocation-Type`; `RequestResponse` when absent. */
  readonly invocationType: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** Answers `Invoke`: the whole answer at once, 202 before an `Event` has run, 204 for a `DryRun`. */
export async function invoke(
  registry: FunctionRegistry,
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
      // Lambda queues what it throttles; here it is dropped. What becomes of the others is told by the
      // `lpr:emulator:invocation:ended` channel only.
      registry.invoke(functionName, call).catch(() => undefined);
      await reply.code(202).send();
      return;
    case 'RequestResponse':
      break;
    default:
      throw apiErrors.badParameter(
        `Expected \`InvocationType\` to be RequestResponse, Event or DryRun, got \`${invocationType}\``,
      );
  }
  const outcome = await registry.invoke(functionName, { ...call, signal });
  reply.header('x-amz-executed-version', executedVersion).type('application/json');
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
}
