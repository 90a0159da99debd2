import { setTimeout as sleep } from 'node:timers/promises';

export interface Row {
  readonly row: number;
  readonly amount: number;
}

/** Stands for a database's cursor. Row 13 cannot be read. */
export async function* readRows(count: number, signal: AbortSignal): AsyncGenerator<Row> {
  for (let row = 1; row <= count; row += 1) {
    await sleep(20, undefined, { signal });
    if (row === 13) throw new Error('Row 13 cannot be read');
    yield { row, amount: row * 100 };
  }
}
