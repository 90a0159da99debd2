import { EventStreamCodec } from '@smithy/core/event-streams';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

/** Content type of the frames below. */
export const EVENT_STREAM_CONTENT_TYPE = 'application/vnd.amazon.eventstream';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);

/** Frames some bytes of an answer. */
export function payloadChunk(bytes: Uint8Array): Uint8Array {
  return frame('PayloadChunk', 'application/octet-stream', bytes);
}

/**
 * Frames the end of an answer. A failed one carries `ErrorCode` `Unhandled`, as `X-Amz-Function-Error`
 * does for a buffered answer, and the error payload as JSON text in `ErrorDetails`. `logResult` is the log's
 * tail in base64.
 */
export function invokeComplete(error?: FunctionErrorPayload, logResult?: string): Uint8Array {
  const completion = {
    ...(error && { ErrorCode: 'Unhandled', ErrorDetails: JSON.stringify(error) }),
    ...(logResult !== undefined && { LogResult: logResult }),
  };
  const body = encoder.encode(JSON.stringify(completion));
  return frame('InvokeComplete', 'application/json', body);
}

function frame(type: string, contentType: string, body: Uint8Array): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: type },
      ':content-type': { type: 'string', value: contentType },
    },
    body,
  });
}
