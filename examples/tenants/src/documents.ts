import { withBatchAdapter } from 'lpr-lambda-adapter';

/**
 * With `tenantId` in the route, Lambda itself says whose request it is. In AWS the function has
 * `TenancyConfig`: whatever it keeps in memory or in `/tmp` is this one tenant's.
 */
export const handler = withBatchAdapter(async (event, { tenantId }) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ tenant: tenantId, document: event.pathParameters?.['name'] }),
}));
