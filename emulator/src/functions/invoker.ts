import { InvokeError } from 'lpr-router';
import type { Invocation, InvokeAnswer, Invoker } from 'lpr-router';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import { MAX_EVENT_BYTES } from '../limits.ts';
import { ThrottledError } from './concurrency.ts';
import { parseFunctionReference } from './function-name.ts';
import type { FunctionOutcome } from './invocation.ts';
import type { InvocableFunctions } from './registry.ts';

/**
 * Lets a router invoke the functions of `registry` without leaving the process. The batch id is the
 * request id of the invocation. An invocation's `deadline` ends nothing here: as in Lambda a function
 * has only its own `Timeout`, and whoever stops waiting aborts the signal.
 */
export function functionInvoker(registry: InvocableFunctions): Invoker {
  return {
    async invoke(invocation) {
      const { functionArn, batchId, mode, payload, tenantId, signal } = invocation;
      const name = parseFunctionReference(functionArn)?.name ?? functionArn;
      if (!registry.has(name)) {
        throw new InvokeError(
          'LPR_FUNCTION_UNREACHABLE',
          `Expected a function of this emulator, got \`${name}\``,
          { unsent: true },
        );
      }
      if (payload.byteLength > MAX_EVENT_BYTES) {
        const message = `Expected an event of at most ${MAX_EVENT_BYTES} bytes, got ${payload.byteLength}`;
        throw new InvokeError('LPR_PAYLOAD_TOO_LARGE', message, { unsent: true });
      }
      const outcome = await registry
        .invoke(name, {
          payload,
          mode,
          signal,
          requestId: batchId,
          invokedFunctionArn: functionArn,
          ...(tenantId === undefined ? {} : { tenantId }),
        })
        .catch((error: unknown) => {
          throw signal.aborted ? left(invocation, error) : refused(error);
        });
      return toAnswer(outcome);
    },
  };
}

function toAnswer(outcome: FunctionOutcome): InvokeAnswer {
  switch (outcome.type) {
    case 'buffered':
      return { type: 'buffered', bytes: outcome.bytes };
    case 'stream':
      return {
        type: 'stream',
        chunks: rethrown(outcome.chunks),
        contentType: outcome.contentType,
      };
    case 'error':
      throw functionError(outcome.error);
    default:
      return outcome satisfies never;
  }
}

async function* rethrown(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw error instanceof FunctionFailure ? functionError(error.payload) : error;
  }
}

function functionError(payload: FunctionErrorPayload): InvokeError {
  const message = `${payload.errorType}: ${payload.errorMessage}`;
  return new InvokeError('LPR_FUNCTION_ERROR', message, { cause: payload });
}

function refused(error: unknown): unknown {
  if (!(error instanceof ThrottledError)) return error;
  const { message, retryAfterSeconds } = error;
  return new InvokeError('LPR_THROTTLED', message, {
    unsent: true,
    retryAfterSeconds,
    cause: error,
  });
}

function left({ functionArn }: Invocation, cause: unknown): InvokeError {
  return new InvokeError(
    'LPR_DEADLINE_EXCEEDED',
    `Nobody waits for the answer of \`${functionArn}\` any more`,
    { cause },
  );
}
