import { fileURLToPath } from 'node:url';
import 'lpr-testkit/vitest';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

/** With windows that no machine is too slow for, and batches that leave when they have two requests. */
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

test('rows reach their client while the report is still being written', async () => {
  await using emulator = await start(1);
  const response = await emulator.fetch('/reports/2026-11?rows=12');
  expect(response.headers.get('content-type')).toBe('text/csv');
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  const lines = Buffer.from(value).toString().split('\n');
  expect(lines[0]).toBe('month,row,amount');
  expect(lines.length).toBeLessThan(13);
  await reader.cancel();
});

test('reports of one batch come whole, each to its own client', async () => {
  await using emulator = await start();
  const months = ['2026-10', '2026-11'];
  const reports = await Promise.all(
    months.map(async (month) => (await emulator.fetch(`/reports/${month}?rows=2`)).text()),
  );
  expect(reports).toEqual(
    months.map((month) => `month,row,amount\n${month},1,100\n${month},2,200\n`),
  );
  expect(emulator).toHaveBatched([2]);
});

test('an answer without a report does not wait for its neighbour’s', async () => {
  await using emulator = await start();
  const order: string[] = [];
  const ask = async (month: string) => {
    const response = await emulator.fetch(`/reports/${month}?rows=12`);
    await response.text();
    order.push(`${month} ${response.status}`);
  };
  await Promise.all([ask('2026-11'), ask('never')]);
  expect(order).toEqual(['never 404', '2026-11 200']);
  expect(emulator).toHaveBatched([2]);
});

test('a report that fails half-way does not end as if it were whole', async () => {
  await using emulator = await start();
  const [broken, whole] = await Promise.all(
    ['rows=20', 'rows=12'].map((query) => emulator.fetch(`/reports/2026-11?${query}`)),
  );
  await expect(broken!.text()).rejects.toThrow('terminated');
  expect((await whole!.text()).split('\n')).toHaveLength(14);
});
