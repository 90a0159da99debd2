import { withBatchAdapter } from 'lpr-lambda-adapter';

/** Greets whoever the path names. */
export const handler = withBatchAdapter(async (event) => {
  const name = event.pathParameters?.['name'] ?? 'nobody';
  if (name === 'nobody') return { statusCode: 404, body: 'nobody is here' };
  return { statusCode: 200, body: JSON.stringify({ hello: name }) };
});
