import { fileURLToPath } from 'node:url';
import 'lpr-testkit/vitest';
import { startEmulator } from 'lpr-emulator';
import type { Emulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

/** With windows that no machine is too slow for, and batches that leave when they have enough requests. */
async function start(maxBatchSize = 2) {
  const emulator = await startEmulator({ config, port: 0, lambdaPort: 0 });
  const { config: written } = emulator.router;
  const operations = written.operations.map((operation) => ({
    ...operation,
    maxBatchSize,
    maxWaitMs: 20_000,
    timeoutMs: 25_000,
  }));
  emulator.router.reload({ ...written, operations });
  return emulator;
}

async function ask(emulator: Emulator, path: string, tenant?: string) {
  const headers = tenant === undefined ? {} : { 'x-tenant-id': tenant };
  const response = await emulator.fetch(path, { headers });
  return [response.status, await response.json()];
}

test('tenants share batches of what is the same for all of them', async () => {
  await using emulator = await start(4);
  const tenants = ['acme', 'umbrella', 'acme', 'umbrella'];
  await Promise.all(tenants.map((tenant) => ask(emulator, '/catalog/1', tenant)));
  expect(emulator).toHaveBatched([4]);
});

test('a batch of orders is one tenant’s, and one query answers it', async () => {
  await using emulator = await start();
  const answers = await Promise.all([
    ask(emulator, '/orders/ada', 'acme'),
    ask(emulator, '/orders/ada', 'umbrella'),
    ask(emulator, '/orders/grace', 'acme'),
    ask(emulator, '/orders/grace', 'umbrella'),
  ]);
  expect(answers).toEqual([
    [200, { tenant: 'acme', orders: ['anvil', 'rocket'], foundWith: 2 }],
    [200, { tenant: 'umbrella', orders: ['umbrella'], foundWith: 2 }],
    [200, { tenant: 'acme', orders: ['magnet'], foundWith: 2 }],
    [200, { tenant: 'umbrella', orders: [], foundWith: 2 }],
  ]);
  expect(emulator).toHaveBatched([2, 2]);
});

test('requests without a tenant are no tenant’s neighbours', async () => {
  await using emulator = await startEmulator({ config, port: 0, lambdaPort: 0 });
  const answers = await Promise.all([
    ask(emulator, '/orders/ada', 'acme'),
    ask(emulator, '/orders/ada'),
    ask(emulator, '/documents/plan'),
  ]);
  expect(answers.map(([status]) => status)).toEqual([200, 401, 400]);
  // The router answers for a function that isolates tenants: Lambda would refuse the invocation.
  expect(emulator).toHaveBatched([['/orders/ada'], ['/orders/ada']], { anyOrder: true });
});

test('Lambda tells an isolated function its tenant', async () => {
  await using emulator = await start();
  const tenants = ['acme', 'umbrella', 'acme', 'umbrella'];
  const answers = await Promise.all(
    tenants.map((tenant) => ask(emulator, '/documents/plan', tenant)),
  );
  expect(answers).toEqual(tenants.map((tenant) => [200, { tenant, document: 'plan' }]));
  expect(emulator).toHaveBatched([2, 2]);
});

test('the handler refuses a batch of two tenants', async () => {
  const { handler } = await import('../src/orders.ts');
  const { invokeBatch } = await import('lpr-testkit');
  const mixed = ['acme', 'umbrella'].map((tenant) => ({
    path: '/orders/ada',
    headers: { 'x-tenant-id': tenant },
  }));
  const run = await invokeBatch(handler, mixed, { route: '/orders/{customer}' });
  for (const item of run.event.batch) expect(run).toHaveRecordFor(item, { statusCode: 500 });
});
