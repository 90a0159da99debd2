import { withBatchAdapter } from 'lpr-lambda-adapter';
import { handleRequest } from './handle-request.ts';

/** The same handler, wrapped: a batch of requests is handled at once, and each asks DynamoDB. */
export const handler = withBatchAdapter(handleRequest);
