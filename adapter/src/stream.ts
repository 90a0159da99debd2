export { withBatchAdapterStream } from './streaming-handler.ts';
export type { BatchStreamHandler } from './streaming-handler.ts';
export { withNativeBatchStream } from './native-stream.ts';
export type {
  NativeFailure,
  NativeHead,
  NativeStreamHandler,
  NativeStreamOptions,
  NativeWriter,
} from './native-stream.ts';
export type { ResponseSink, Streamify } from './aws-lambda.ts';
export type { BatchStreamOptions, ErrorOptions, ErrorOrigin, ItemCall } from './options.ts';

// Below a handler
export { currentItem } from './current-item.ts';

// The first implementation's name
export { batchAdapterStream } from './batch-adapter.ts';
