export { PROTOCOL_VERSION, ROUTER_NAME } from './version.ts';
export {
  DEFAULT_MAX_INVOKE_PAYLOAD_BYTES,
  DEFAULT_MAX_RECORD_BYTES,
  MAX_BUFFERED_ANSWER_BYTES,
  MAX_STATUS_CODE,
  MIN_STATUS_CODE,
} from './limits.ts';

// Problems
export { describeValue, formatProblem } from './problem.ts';
export type { Parsed, Problem } from './problem.ts';

// Batch event: router → function
export { isRequestId, parseRequestId } from './ids.ts';
export type { RequestId } from './ids.ts';
export { itemId } from './http-event.ts';
export type { HttpEvent, HttpEventContext, HttpEventRequestLine } from './http-event.ts';
export { isBatchEvent } from './batch.ts';
export type { BatchEvent, BatchLike, BatchMeta } from './batch.ts';
export { parseBatch } from './parse-batch.ts';

// Answers: function → router
export {
  BadRecordKind,
  DEFAULT_ERROR_MESSAGE,
  DEFAULT_ERROR_STATUS,
  DEFAULT_HEAD_STATUS,
} from './record.ts';
export type {
  AnswerHeaders,
  AnswerRecord,
  ChunkRecord,
  EndRecord,
  ErrorRecord,
  HeadRecord,
  RecordResult,
  ResponseRecord,
} from './record.ts';
export { parseRecord, parseRecordLine, parseResponseRecord, recordId } from './parse-record.ts';
export { parseBufferedAnswer } from './parse-buffered.ts';
export type { BadDocumentKind, BufferedAnswerResult } from './parse-buffered.ts';
export { advanceSequence } from './record-sequence.ts';
export type { SequenceState, SequenceStep, SequenceViolation } from './record-sequence.ts';

// Codecs
export { NdjsonDecoder } from './ndjson/decode.ts';
export type { NdjsonDecoderOptions } from './ndjson/decode.ts';
export { encodeBufferedAnswer, encodeRecord, NDJSON_CONTENT_TYPE } from './ndjson/encode.ts';
export { decodeBody, encodeBody } from './body.ts';
export type { EncodedBody } from './body.ts';

// Headers and statuses
export { isStatusCode } from './answer-fields.ts';
export {
  HOP_BY_HOP_HEADERS,
  isHeaderName,
  isHeaderValue,
  normalizeCookies,
  ROUTER_HEADER_PREFIX,
  splitCookieHeader,
} from './headers.ts';

// Errors that callers see
export { ERROR_CONTENT_TYPE, errorBody, WireCode } from './errors.ts';
export type { WireError } from './errors.ts';
