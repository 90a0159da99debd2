import { monthlyCost } from './deployments.ts';
import type { Deployment } from './deployments.ts';
import type { Prices } from './prices.ts';
import type { Workload } from './workload.ts';

/** Requests a month between which the router is the cheaper one. */
export interface CheaperRange {
  readonly from: number;
  /** `undefined`: as far as was looked. */
  readonly until: number | undefined;
}

/** Where the search begins: cheaper from there on is cheaper always. */
export const LEAST_REQUESTS = 1e4;
const MOST = 1e11;
const STEP = 10 ** (1 / 50);
/** A new task makes a step in the cost; what it turns over for less than this factor is no range. */
const NOTABLE = 2;

/** Where the router costs less than another deployment, from ten thousand to a hundred billion requests a month. */
export function cheaperRanges(
  than: Exclude<Deployment, 'router'>,
  workload: Workload,
  prices: Prices,
): readonly CheaperRange[] {
  const isCheaper = (requests: number) =>
    monthlyCost('router', requests, workload, prices) <
    monthlyCost(than, requests, workload, prices);
  const ranges: { from: number; until: number | undefined }[] = [];
  let cheaper = false;
  for (let requests = LEAST_REQUESTS; requests < MOST; requests *= STEP) {
    if (isCheaper(requests) === cheaper) continue;
    cheaper = !cheaper;
    const at =
      requests === LEAST_REQUESTS ? LEAST_REQUESTS : crossing(requests / STEP, requests, isCheaper);
    if (cheaper) ranges.push({ from: at, until: undefined });
    else ranges.at(-1)!.until = at;
  }
  return notable(ranges);
}

function crossing(low: number, high: number, isCheaper: (requests: number) => boolean): number {
  const before = isCheaper(low);
  let [from, to] = [low, high];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (from + to) / 2;
    if (isCheaper(middle) === before) from = middle;
    else to = middle;
  }
  return to;
}

function notable(ranges: readonly CheaperRange[]): readonly CheaperRange[] {
  const joined: CheaperRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last?.until !== undefined && range.from / last.until < NOTABLE) {
      joined[joined.length - 1] = { from: last.from, until: range.until };
    } else joined.push(range);
  }
  return joined.filter(({ from, until = Infinity }) => until / from >= NOTABLE);
}
