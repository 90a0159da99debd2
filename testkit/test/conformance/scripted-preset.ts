import type { FunctionScript, ReceivedInvocation } from 'lpr-testkit';
import { Cut, FunctionFailure } from 'lpr-testkit/msw';
import type { LambdaCall, LambdaOutcome, LambdaPreset } from 'lpr-testkit/msw';

export interface ScriptedPreset extends LambdaPreset {
  readonly received: readonly ReceivedInvocation[];
  /** Resolves when a caller has left before its answer was whole. */
  readonly callerLeft: Promise<void>;
}

/** A function of msw's Lambda API that does what a script says. */
export function scriptedPreset(script: FunctionScript): ScriptedPreset {
  const received: ReceivedInvocation[] = [];
  const left = Promise.withResolvers<void>();
  return {
    received,
    callerLeft: left.promise,
    preset(call) {
      const { functionName, mode, payload, tenantId, signal } = call;
      received.push({ functionName, mode, payload, tenantId });
      signal.addEventListener('abort', () => left.resolve());
      return play(script, call, left.resolve);
    },
  };
}

function play(
  script: FunctionScript,
  { mode, payload }: LambdaCall,
  onLeft: () => void,
): LambdaOutcome | Promise<LambdaOutcome> {
  const stream = (chunks: readonly Uint8Array[], end: () => Promise<void> = async () => {}) =>
    ({ type: 'stream', chunks: chunksOf(script, chunks, end, onLeft) }) as const;
  switch (script.type) {
    case 'buffered':
      return script;
    case 'echo':
      return mode === 'buffered' ? { type: 'buffered', bytes: payload } : stream([payload]);
    case 'stream':
      return stream(script.chunks);
    case 'function_error':
      return { type: 'function_error', payload: script.payload };
    case 'stream_error':
      return stream(script.chunks, () => Promise.reject(new FunctionFailure(script.payload)));
    case 'refused_by_service': {
      const { status, exception, retryAfter } = script;
      const retry = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };
      return { type: 'refused', status, exception, body: { Type: 'User' }, ...retry };
    }
    case 'cut':
    case 'unfinished':
      if (mode === 'buffered') return { type: 'cut' };
      return stream(script.chunks, () => Promise.reject(new Cut('The script cuts the stream')));
    case 'stalled':
      return mode === 'buffered' ? new Promise(() => {}) : stream(script.chunks, () => forever());
    case 'connection_refused':
      throw new Error('Expected nobody to reach a port that nobody listens on');
    default:
      return script satisfies never;
  }
}

async function* chunksOf(
  script: FunctionScript,
  chunks: readonly Uint8Array[],
  end: () => Promise<void>,
  onLeft: () => void,
): AsyncGenerator<Uint8Array> {
  let over = false;
  try {
    for (const [index, chunk] of chunks.entries()) {
      if (script.type === 'stream') await script.before?.(index);
      yield chunk;
    }
    await end();
    over = true;
  } finally {
    if (!over) onLeft();
  }
}

const forever = () => new Promise<void>(() => {});
