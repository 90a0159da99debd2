import { currentItem } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
import { readRows } from './ledger.ts';

/** A report of any length, sent row by row; what fails before its first row is an ordinary answer. */
export const handler = withBatchAdapterStream(async (event) => {
  const month = event.pathParameters?.['month'] ?? '';
  const rows = Number(event.queryStringParameters?.['rows'] ?? 20);
  if (!/^\d{4}-\d{2}$/.test(month)) {
    return { statusCode: 404, body: JSON.stringify({ message: 'No such month' }) };
  }
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/csv' },
    body: report(month, rows),
  };
});

/** Read only as fast as its client takes it, and no further once `signal` says that nobody waits. */
async function* report(month: string, rows: number): AsyncGenerator<string> {
  const { signal } = currentItem()!;
  yield 'month,row,amount\n';
  for await (const { row, amount } of readRows(rows, signal)) {
    yield `${month},${row},${amount}\n`;
  }
}
