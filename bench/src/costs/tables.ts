import { table } from '../markdown-table.ts';
import { cheaperRanges, LEAST_REQUESTS } from './break-even.ts';
import { DEPLOYMENTS, monthlyCost, routerPlan } from './deployments.ts';
import type { Deployment } from './deployments.ts';
import type { Prices } from './prices.ts';
import { SECONDS_PER_MONTH } from './workload.ts';
import type { Workload } from './workload.ts';

const ALL = Object.keys(DEPLOYMENTS) as Deployment[];
const OTHERS = ALL.filter((deployment) => deployment !== 'router');
const MONTHLY_REQUESTS = [1e6, 1e7, 1e8, 1e9, 1e10];

/** From how many requests on the router costs less than each other deployment. */
export function breakEvenTable(workload: Workload, prices: Prices): string {
  const rows = OTHERS.map((deployment) => {
    const ranges = cheaperRanges(deployment, workload, prices);
    const inRequests = ranges.map(({ from, until }) => rangeOf(from, until, short));
    const inRate = ranges.map(({ from, until }) => rangeOf(from, until, rate));
    return [
      DEPLOYMENTS[deployment],
      inRequests.join(' and ') || 'never',
      inRate.join(' and ') || 'never',
    ];
  });
  return table(['the router is cheaper than', 'requests a month', 'requests a second'], rows);
}

/** USD a month by traffic. */
export function costTable(workload: Workload, prices: Prices): string {
  const rows = ALL.map((deployment) => [
    DEPLOYMENTS[deployment],
    ...MONTHLY_REQUESTS.map((requests) =>
      dollars(monthlyCost(deployment, requests, workload, prices)),
    ),
  ]);
  const plans = MONTHLY_REQUESTS.map((requests) => routerPlan(requests, workload, prices));
  rows.push(
    ['requests in a batch', ...plans.map(({ batchSize }) => batchSize.toFixed(1))],
    ['router tasks', ...plans.map(({ tasks }) => String(tasks))],
  );
  const head = MONTHLY_REQUESTS.map((requests) => `${short(requests)} (${rate(requests)}/s)`);
  return table(['USD a month', ...head], rows);
}

/** What further router tasks do to batches at one rate. */
export function tasksTable(requestsPerSecond: number, workload: Workload, prices: Prices): string {
  const requests = requestsPerSecond * SECONDS_PER_MONTH;
  const rows = [1, 2, 4, 8, 16].map((routerTasks) => {
    const { batchSize, lambda, cost } = routerPlan(requests, { ...workload, routerTasks }, prices);
    return [String(routerTasks), batchSize.toFixed(1), dollars(lambda), dollars(cost)];
  });
  return table(['router tasks', 'requests in a batch', 'Lambda, USD', 'together, USD'], rows);
}

function rangeOf(
  from: number,
  until: number | undefined,
  format: (requests: number) => string,
): string {
  if (from <= LEAST_REQUESTS) return until === undefined ? 'always' : `up to ${format(until)}`;
  return until === undefined ? `from ${format(from)}` : `${format(from)} – ${format(until)}`;
}

/** `12 million`: three digits would promise what nobody knows. */
function short(requests: number): string {
  const two = Number(requests.toPrecision(2));
  if (two >= 1e9) return `${two / 1e9} billion`;
  if (two >= 1e6) return `${two / 1e6} million`;
  return two.toLocaleString('en-US');
}

function rate(requests: number): string {
  return Number((requests / SECONDS_PER_MONTH).toPrecision(2)).toLocaleString('en-US');
}

function dollars(value: number): string {
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en-US');
}
