import type { IncomingMessage } from 'node:http';
import type { Clock } from '../batching/clock.ts';
import type { ErrorCode } from '../errors.ts';

export type BodyOutcome =
  | { readonly type: 'body'; readonly bytes: Uint8Array | undefined }
  /** The rest of it may still be on its way. */
  | { readonly type: 'refused'; readonly code: ErrorCode };

export interface BodyBounds {
  readonly maxBytes: number;
  /** How long the last byte may take, in ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Reads the request's body whole and calls back once, synchronously when there is none. A client
 * that goes away meanwhile is never called back; the response's `close` tells of it.
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs, clock }: BodyBounds,
  done: (outcome: BodyOutcome) => void,
): void {
  if (!announcesBody(request)) return done({ type: 'body', bytes: undefined });
  if (Number(request.headers['content-length']) > maxBytes) {
    return done({ type: 'refused', code: 'LPR_BODY_TOO_LARGE' });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (outcome: BodyOutcome) => {
    timer.cancel();
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    done(outcome);
  };
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else settle({ type: 'refused', code: 'LPR_BODY_TOO_LARGE' });
  };
  const onEnd = () => {
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
    settle({ type: 'body', bytes });
  };
  const onClose = () => timer.cancel();
  const timer = clock.setTimer(timeoutMs, () =>
    settle({ type: 'refused', code: 'LPR_DEADLINE_EXCEEDED' }),
  );
  request.on('data', onData).on('end', onEnd).on('close', onClose);
}

/** How long a client may go on sending a body that nobody wants any more, in ms. */
const LINGER_MS = 5000;

/**
 * Calls back when the request has come whole, and after 5 s in any case. A connection that is closed
 * under a client that sends is reset, and takes the answer along before it was read (RFC 9112 §9.6).
 */
export function afterUpload(request: IncomingMessage, clock: Clock, done: () => void): void {
  // An injected request is never `complete`.
  if (request.complete || request.readableEnded || !announcesBody(request)) return done();
  const settle = () => {
    timer.cancel();
    request.off('end', settle).off('close', settle);
    done();
  };
  const timer = clock.setTimer(LINGER_MS, settle);
  request.on('end', settle).on('close', settle).resume();
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
