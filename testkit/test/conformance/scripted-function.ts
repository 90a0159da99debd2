import { InvokeError } from 'lpr-router';
import type { FakeAnswer, FunctionScript } from 'lpr-testkit';

/** Nobody answered. */
export function unreachable(message: string, unsent = false): InvokeError {
  return new InvokeError('LPR_FUNCTION_UNREACHABLE', message, { unsent });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(unreachable('aborted')));
  });
}

/** What a function that does what a script says answers to one invocation. */
export function play(
  script: FunctionScript,
  payload: Uint8Array,
  mode: 'buffered' | 'stream',
  signal: AbortSignal,
): FakeAnswer {
  switch (script.type) {
    case 'buffered':
      return script.bytes;
    case 'echo':
      return mode === 'buffered' ? payload : stream([payload], async () => {});
    case 'stream':
      return stream(script.chunks, async () => {}, script.before);
    case 'function_error':
    case 'stream_error': {
      const error = new InvokeError('LPR_FUNCTION_ERROR', `${script.kind}: ${script.payload}`);
      if (script.type === 'function_error') throw error;
      return stream(script.chunks, () => Promise.reject(error));
    }
    case 'refused_by_service':
      throw refusal(script);
    case 'cut':
    case 'unfinished':
      if (mode === 'buffered') throw unreachable('cut');
      return stream(script.chunks, () => Promise.reject(unreachable('cut')));
    case 'stalled':
      return mode === 'buffered' ? aborted(signal) : stream(script.chunks, () => aborted(signal));
    case 'connection_refused':
      throw unreachable('refused', true);
    default:
      return script satisfies never;
  }
}

async function* stream(
  chunks: readonly Uint8Array[],
  end: () => Promise<void>,
  before?: (index: number) => Promise<void> | void,
): AsyncIterable<Uint8Array> {
  for (const [index, chunk] of chunks.entries()) {
    await before?.(index);
    yield chunk;
  }
  await end();
}

function refusal(script: Extract<FunctionScript, { type: 'refused_by_service' }>): InvokeError {
  const { status, exception, retryAfter = 0 } = script;
  if (status === 429) {
    const options = { unsent: true, retryAfterSeconds: retryAfter };
    return new InvokeError('LPR_THROTTLED', exception, options);
  }
  if (status === 413) return new InvokeError('LPR_PAYLOAD_TOO_LARGE', exception);
  return unreachable(exception);
}
