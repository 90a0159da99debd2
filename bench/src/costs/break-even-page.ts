import { fileURLToPath } from 'node:url';
import { HANDLERS, WAITING } from './handlers.ts';
import type { Prices } from './prices.ts';
import { breakEvenTable, costTable, tasksTable } from './tables.ts';

/** The page whose tables are written. */
export const PAGE = fileURLToPath(new URL('../../../docs/should-i-use-this.md', import.meta.url));

/** The page's tables by the name in their markers, `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function tables(prices: Prices): ReadonlyMap<string, string> {
  return new Map([
    ...HANDLERS.map(
      ({ title, workload }) => [`break-even ${title}`, breakEvenTable(workload, prices)] as const,
    ),
    ['cost waits', costTable(WAITING, prices)],
    ['tasks', tasksTable(200, WAITING, prices)],
  ]);
}

/**
 * The page with every table as it comes out now.
 *
 * @throws Error for a table without markers
 */
export function withTables(page: string, prices: Prices): string {
  let text = page;
  for (const [name, table] of tables(prices)) {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from)
      throw new Error(`Expected \`${begin}\` and \`${end}\` in the page`);
    text = `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
  }
  return text;
}
