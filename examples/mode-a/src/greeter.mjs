/** A handler as thousands are deployed: one event, one answer, and nothing known of batches. */
export const handler = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: `Hello from Node.js, ${event.pathParameters.name}!\n`,
});
