import { EventStreamCodec } from '@smithy/core/event-streams';

/** Content type of the frames below. */
export const EVENT_STREAM_CONTENT_TYPE = 'application/vnd.amazon.eventstream';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

/** Frames some text or bytes of a streamed answer, as Lambda does. */
export function payloadChunk(chunk: string | Uint8Array): Uint8Array {
  return frame('PayloadChunk', 'application/octet-stream', Buffer.from(chunk));
}

/** Frames the end of a streamed answer; `fields` has `ErrorCode` and `ErrorDetails` when the function failed. */
export function invokeComplete(
  fields: { readonly ErrorCode?: string; readonly ErrorDetails?: string } = {},
): Uint8Array {
  return frame('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(fields)));
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
