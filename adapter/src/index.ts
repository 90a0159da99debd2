// One item at a time (mode B)
export { withBatchAdapter } from './buffered-handler.ts';
export type { BatchHandler } from './buffered-handler.ts';
export { withBatchAdapterStream } from './streaming-handler.ts';
export type { BatchStreamHandler } from './streaming-handler.ts';
export type { ResponseSink, Streamify } from './aws-lambda.ts';

// A whole batch at once (mode C)
export { withNativeBatch } from './native-batch.ts';
export type {
  NativeAnswer,
  NativeBatchHandler,
  NativeHandler,
  NativeItem,
  NativeResult,
} from './native-batch.ts';
export { withNativeBatchStream } from './native-stream.ts';
export type {
  NativeFailure,
  NativeHead,
  NativeStreamHandler,
  NativeStreamOptions,
  NativeWriter,
} from './native-stream.ts';

// Options
export type {
  BatchAdapterOptions,
  BatchStreamOptions,
  ErrorOptions,
  ErrorOrigin,
  ItemCall,
  StreamOptions,
} from './options.ts';

// The first implementation's names
export { batchAdapter, batchAdapterStream } from './batch-adapter.ts';
export type { FirstAnswer, FirstOptions } from './first-reading.ts';

// Handlers
export { fromFetch } from './from-fetch.ts';
export type { FetchEnvironment, FetchHandler } from './from-fetch.ts';
export { currentItem } from './current-item.ts';
export type {
  BatchItem,
  BodyChunk,
  ItemAnswer,
  ItemContext,
  ItemHandler,
  StreamedBody,
  StructuredAnswer,
} from './item.ts';
export type { ItemEvent, LambdaContext } from './lambda-types.ts';

// What travels
export type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';
export type { BatchEvent, BatchLike, HttpEvent } from 'lpr-protocol';

// Errors
export { AdapterError, AdapterErrorCode } from './errors.ts';
