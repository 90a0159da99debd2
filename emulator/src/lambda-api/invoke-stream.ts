import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FunctionOutcome } from '../functions/invocation.ts';
import type { InvocableFunctions } from '../functions/registry.ts';
import type { LogTail } from '../functions/log-tail.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { apiErrors } from './error-body.ts';
import { EVENT_STREAM_CONTENT_TYPE, invokeComplete, payloadChunk } from './event-stream.ts';
import { followLogOf } from './invoke.ts';
import type { InvokeOptions } from './invoke.ts';
import type { InvocationRequest } from './read-invocation.ts';

/**
 * Answers `InvokeWithResponseStream`: each chunk in a frame as soon as it is written, then
 * `InvokeComplete`. A function error is a 200 too; the completion tells it, whenever it happened.
 */
export async function invokeStream(
  registry: InvocableFunctions,
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
  const log = followLogOf(registry, functionName, options);
  try {
    const call = { ...invocation, requestId, signal, mode: 'stream' } as const;
    const outcome = await registry.invoke(functionName, call);
    await reply
      .header('x-amz-executed-version', executedVersion)
      .type(EVENT_STREAM_CONTENT_TYPE)
      .send(Readable.from(frames(outcome, log), { objectMode: false }));
  } catch (error) {
    log?.close();
    throw error;
  }
}

async function* frames(
  outcome: FunctionOutcome,
  log: LogTail | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    const error = yield* payload(outcome);
    yield invokeComplete(error, log?.toBase64());
  } finally {
    log?.close();
  }
}

async function* payload(
  outcome: FunctionOutcome,
): AsyncGenerator<Uint8Array, FunctionErrorPayload | undefined> {
  switch (outcome.type) {
    case 'error':
      return outcome.error;
    case 'buffered':
      yield payloadChunk(outcome.bytes);
      return undefined;
    case 'stream':
      try {
        for await (const chunk of outcome.chunks) yield payloadChunk(chunk);
      } catch (error) {
        if (!(error instanceof FunctionFailure)) throw error;
        return error.payload;
      }
      return undefined;
    default:
      return outcome satisfies never;
  }
}
