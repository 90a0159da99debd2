export { withBatchAdapterStream } from './streaming-handler.ts';
export type { BatchStreamHandler } from './streaming-handler.ts';
export type { ResponseSink } from './aws-lambda.ts';
export type { BatchAdapterOptions } from './options.ts';

// The first implementation's name
export { batchAdapterStream } from './batch-adapter.ts';
