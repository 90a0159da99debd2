import { decodeBody } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import type { ResponseSink } from './aws-lambda.ts';
import { RecordWriter } from './record-writer.ts';

const HTTP_INTEGRATION_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END_BYTES = 8;

/**
 * Streams one answer as API Gateway and function URLs read it: status, headers and cookies as JSON,
 * eight NUL bytes, then the body.
 */
export async function writeWithPrelude(sink: ResponseSink, record: ResponseRecord): Promise<void> {
  const writer = new RecordWriter(sink, HTTP_INTEGRATION_CONTENT_TYPE);
  const { statusCode, headers, cookies } = record;
  await writer.write(JSON.stringify({ statusCode, headers, cookies }));
  await writer.write(new Uint8Array(PRELUDE_END_BYTES));
  const body = decodeBody(record.body, record.isBase64Encoded);
  // An empty chunk would end a body that is sent in chunks.
  if (body !== undefined && body.byteLength > 0) {
    await writer.write(body);
  }
  await writer.end();
}
