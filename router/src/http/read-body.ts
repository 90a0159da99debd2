import type { IncomingMessage } from 'node:http';

export type BodyOutcome =
  | { readonly type: 'body'; readonly bytes: Uint8Array | undefined }
  | { readonly type: 'too_large' };

/**
 * Reads the request's body whole and calls back once, synchronously when there is none. A client
 * that goes away meanwhile is never called back; the response's `close` tells of it.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  done: (outcome: BodyOutcome) => void,
): void {
  const announced = request.headers['content-length'];
  if (announced === undefined && request.headers['transfer-encoding'] === undefined) {
    return done({ type: 'body', bytes: undefined });
  }
  if (Number(announced) > maxBytes) return done({ type: 'too_large' });
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    request.off('data', onData).off('end', onEnd).resume();
    done({ type: 'too_large' });
  };
  const onEnd = () => {
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
    done({ type: 'body', bytes });
  };
  request.on('data', onData).on('end', onEnd);
}
