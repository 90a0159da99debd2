/** Largest event of a synchronous invocation, in bytes (6 MiB). */
export const MAX_EVENT_BYTES = 6_291_456;

/** Largest event of an asynchronous invocation, in bytes (1 MiB). */
export const MAX_ASYNC_EVENT_BYTES = 1_048_576;

/** Largest buffered answer, in bytes; Lambda leaves room for its envelope above 6 MiB. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** Largest streamed answer, in bytes (200 MiB). */
export const MAX_STREAM_BYTES = 209_715_200;

/** How long loading a handler may take, in ms: Lambda's init phase. */
export const INIT_TIMEOUT_MS = 10_000;
