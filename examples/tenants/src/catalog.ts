import { withBatchAdapter } from 'lpr-lambda-adapter';

/** Says nothing about anybody, so anybody's request may be its neighbour. */
export const handler = withBatchAdapter(async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id: event.pathParameters?.['id'], price: 42 }),
}));
