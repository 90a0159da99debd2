import { withNativeBatch } from 'lpr-lambda-adapter';
import type { NativeItem } from 'lpr-lambda-adapter';
import { findOrders } from './database.ts';

const tenantOf = ({ event }: NativeItem) => event.headers['x-tenant-id'];
const customerOf = ({ event }: NativeItem) => event.pathParameters?.['customer'] ?? '';

/** `key: ['header:x-tenant-id']` makes a batch one tenant's, so one query in its schema answers all of it. */
export const handler = withNativeBatch(async (items) => {
  const [tenant, ...others] = new Set(items.map(tenantOf));
  // Not trusted blindly: a route without the key must fail, and not answer.
  if (others.length > 0) throw new Error('Expected the requests of one tenant in a batch');
  if (tenant === undefined) return items.map(({ requestId }) => ({ id: requestId, ...UNKNOWN }));
  const orders = await findOrders(tenant, items.map(customerOf));
  return items.map((item) => ({
    id: item.requestId,
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      tenant,
      orders: orders.get(customerOf(item)) ?? [],
      foundWith: items.length,
    }),
  }));
});

const UNKNOWN = { statusCode: 401, body: JSON.stringify({ message: 'No tenant' }) };
