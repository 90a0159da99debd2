import type { WireCode } from 'lpr-protocol';
import type { BatchAnswerItem } from './batch-answer.ts';
import { emitter } from './frame.ts';
import type { Emit } from './frame.ts';
import { json } from './read-answer.ts';
import type { RecordWriter } from './record-writer.ts';

/** Content type of an answer that begins with a prelude. */
export const HTTP_INTEGRATION_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END_BYTES = 8;
/** The type only: the table would be in every bundle. */
const FUNCTION_ERROR: WireCode = 'LPR_FUNCTION_ERROR';

/** What any record may say. */
type Fields = Partial<BatchAnswerItem>;

/**
 * Writes the records of one item as API Gateway and function URLs read a streamed answer: status, headers and
 * cookies as JSON, eight NUL bytes, then the body. An `error` after the head fails the invocation.
 */
export function preludeEmitter(writer: RecordWriter): Emit {
  let isBegun = false;
  return emitter((frame) => {
    const isError = frame.type === 'error';
    if (isError && isBegun) {
      return writer.fail(new Error(frame.message));
    }
    const answer = isError
      ? json(frame.statusCode, { message: frame.message, code: FUNCTION_ERROR })
      : frame;
    const { statusCode = 200, headers = {}, cookies, body, isBase64Encoded } = answer as Fields;
    if (!isBegun) {
      isBegun = true;
      void writer.write(JSON.stringify({ statusCode, headers, cookies }));
      void writer.write(new Uint8Array(PRELUDE_END_BYTES));
    }
    // An empty chunk would end a body that is sent in chunks.
    return body
      ? writer.write(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
      : writer.full;
  });
}
