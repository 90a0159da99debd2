// One item at a time (mode B)
export { withBatchAdapter } from './buffered-handler.ts';
export type { BatchHandler } from './buffered-handler.ts';
export { withBatchAdapterStream } from './streaming-handler.ts';
export type { BatchStreamHandler } from './streaming-handler.ts';
export type { ResponseSink } from './aws-lambda.ts';
export type { BatchAdapterOptions } from './options.ts';

// The first implementation's names
export { batchAdapter, batchAdapterStream } from './batch-adapter.ts';
export type { FirstAnswer, FirstOptions } from './first-reading.ts';

// Handlers
export type { BatchItem, ItemAnswer, ItemContext, ItemHandler, StructuredAnswer } from './item.ts';
export type { ItemEvent, LambdaContext } from './lambda-types.ts';

// What travels
export type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';
export type { BatchEvent, BatchLike, HttpEvent } from 'lpr-protocol';

// Errors
export { AdapterError, AdapterErrorCode } from './errors.ts';
