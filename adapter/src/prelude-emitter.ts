import { decodeBody, WireCode } from 'lpr-protocol';
import type { HeadRecord } from 'lpr-protocol';
import { emitter } from './frame.ts';
import type { Emit } from './frame.ts';
import type { RecordWriter } from './record-writer.ts';

/** Content type of an answer that begins with a prelude. */
export const HTTP_INTEGRATION_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END_BYTES = 8;

/**
 * Writes the records of one item as API Gateway and function URLs read a streamed answer: status, headers and
 * cookies as JSON, eight NUL bytes, then the body. An `error` after the head fails the invocation.
 */
export function preludeEmitter(writer: RecordWriter): Emit {
  let isBegun = false;
  const begin = (prelude: object) => {
    if (!isBegun) {
      isBegun = true;
      void writer.write(JSON.stringify(prelude));
      void writer.write(new Uint8Array(PRELUDE_END_BYTES));
    }
  };
  return emitter((frame) => {
    if (frame.type === 'error') {
      const { statusCode, message } = frame;
      if (isBegun) {
        return writer.fail(new Error(message));
      }
      begin({ statusCode, headers: { 'content-type': 'application/json' } });
      return writer.write(JSON.stringify({ message, code: WireCode.FunctionError }));
    }
    const { statusCode = 200, headers = {}, cookies } = frame as Partial<HeadRecord>;
    begin({ statusCode, headers, cookies });
    const bytes = 'body' in frame ? decodeBody(frame.body, frame.isBase64Encoded) : undefined;
    // An empty chunk would end a body that is sent in chunks.
    return bytes?.length ? writer.write(bytes) : writer.full;
  });
}
