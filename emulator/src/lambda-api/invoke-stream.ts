import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FunctionOutcome } from '../functions/invocation.ts';
import type { FunctionRegistry } from '../functions/registry.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import { apiErrors } from './error-body.ts';
import { EVENT_STREAM_CONTENT_TYPE, invokeComplete, payloadChunk } from './event-stream.ts';
import type { InvokeOptions } from './invoke.ts';
import type { InvocationRequest } from './read-invocation.ts';

/**
 * Answers `InvokeWithResponseStream`: each chunk in a frame as soon as it is written, then
 * `InvokeComplete`. A function error is a 200 too; the completion tells it, whenever it happened.
 */
export async function invokeStream(
  registry: FunctionRegistry,
  request: InvocationRequest,
  options: InvokeOptions,
  reply: FastifyReply,
): Promise<void> {
  const { functionName, executedVersion, ...invocation } = request;
  const { requestId, invocationType = 'RequestResponse', signal } = options;
  if (invocationType === 'DryRun') {
    await reply.code(204).send();
    return;
  }
  if (invocationType !== 'RequestResponse') {
    throw apiErrors.badParameter(
      `Expected \`InvocationType\` to be RequestResponse or DryRun, got \`${invocationType}\``,
    );
  }
  const outcome = await registry.invoke(functionName, {
    ...invocation,
    requestId,
    signal,
    mode: 'stream',
  });
  await reply
    .header('x-amz-executed-version', executedVersion)
    .type(EVENT_STREAM_CONTENT_TYPE)
    .send(Readable.from(frames(outcome), { objectMode: false }));
}

async function* frames(outcome: FunctionOutcome): AsyncGenerator<Uint8Array> {
  switch (outcome.type) {
    case 'error':
      yield invokeComplete(outcome.error);
      return;
    case 'buffered':
      yield payloadChunk(outcome.bytes);
      break;
    case 'stream':
      try {
        for await (const chunk of outcome.chunks) yield payloadChunk(chunk);
      } catch (error) {
        if (!(error instanceof FunctionFailure)) throw error;
        yield invokeComplete(error.payload);
        return;
      }
      break;
    default:
      outcome satisfies never;
  }
  yield invokeComplete();
}
