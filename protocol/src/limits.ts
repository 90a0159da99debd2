/** Longest NDJSON line a reader buffers unless it is told otherwise, in bytes (contract §4). */
export const DEFAULT_MAX_RECORD_BYTES = 8_388_608;

/** Largest encoded batch a router sends unless it is told otherwise, in bytes (contract §4: 6 MiB). */
export const DEFAULT_MAX_INVOKE_PAYLOAD_BYTES = 6_291_456;

/** Largest answer Lambda takes from a function invoked synchronously, in bytes (contract §4). */
export const MAX_BUFFERED_ANSWER_BYTES = 6_291_556;

/** Smallest and largest status a function may answer with (contract §2.1). */
export const MIN_STATUS_CODE = 200;
export const MAX_STATUS_CODE = 599;
