import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
import { handleRequest } from './handle-request.ts';

/** Wrapped for `response_stream`: each answer leaves as soon as it is there. */
export const handler = withBatchAdapterStream(handleRequest);
