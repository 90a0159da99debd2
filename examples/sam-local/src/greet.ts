import { withBatchAdapter } from 'lpr-lambda-adapter';

/** What it says comes from the template, here as in AWS. */
export const handler = withBatchAdapter(async (event, context) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    greeting: `${process.env['GREETING']}, ${event.pathParameters?.['name']}`,
    memory: context.memoryLimitInMB,
  }),
}));
