import { meanBatchSize } from './batch-size.ts';
import { lambdaCost } from './lambda-cost.ts';
import type { Prices } from './prices.ts';
import { loadBalancerPerHour, tasksPerHour } from './service-cost.ts';
import { batchDurationMs, SECONDS_PER_MONTH } from './workload.ts';
import type { Workload } from './workload.ts';

/** Ways to serve the same HTTP traffic. */
export const DEPLOYMENTS = {
  router: 'lambda-parallel-router',
  functionUrl: 'function URL',
  httpApi: 'API Gateway, HTTP API',
  restApi: 'API Gateway, REST API',
  alb: 'ALB → Lambda',
  managedInstances: 'Lambda Managed Instances',
  container: 'handler in a container',
} as const;
export type Deployment = keyof typeof DEPLOYMENTS;

const HOURS = SECONDS_PER_MONTH / 3600;
/** Of each task's and instance's CPU: what scaling aims at. */
const UTILIZATION = 0.6;
/** Of a task, for router and container alike. */
const TASK = { vcpus: 1, memoryGb: 2 };
const CONTAINER_TASKS = 2;
/** Of the router on a vCPU, in µs; rounded up from docs/benchmarks.md (batch 1: 149, 16: 62). */
const ROUTER_CPU = { request: 60, invocation: 100 };

/** USD a month, without free tiers, data transfer, logs, NAT and discounts. */
export function monthlyCost(
  deployment: Deployment,
  requests: number,
  workload: Workload,
  prices: Prices,
): number {
  switch (deployment) {
    case 'router':
      return routerPlan(requests, workload, prices).cost;
    case 'functionUrl':
      return plainLambda(requests, workload, prices);
    case 'httpApi':
    case 'restApi':
      return (
        plainLambda(requests, workload, prices) +
        tiered(requests, prices[deployment].perMillionRequests)
      );
    case 'alb':
      return (
        plainLambda(requests, workload, prices) + balancer(requests, workload, 'lambda', prices)
      );
    case 'managedInstances':
      return managedInstances(requests, workload, prices);
    case 'container':
      return container(requests, workload, prices);
    default:
      return deployment satisfies never;
  }
}

/** What the router comes to at a rate. */
export interface RouterPlan {
  readonly tasks: number;
  readonly batchSize: number;
  /** USD a month: Lambda's part. */
  readonly lambda: number;
  /** USD a month: everything. */
  readonly cost: number;
}

/**
 * Batches are those of the mean rate; quiet and busy hours together have somewhat fewer invocations.
 * Each task gathers batches of its own.
 */
export function routerPlan(requests: number, workload: Workload, prices: Prices): RouterPlan {
  const { maxWaitMs, maxBatchSize, keys, architecture, memoryMb, routerTasks } = workload;
  const rate = requests / SECONDS_PER_MONTH;
  const sizeWith = (tasks: number) => meanBatchSize(rate / tasks / keys, maxWaitMs, maxBatchSize);
  let tasks = routerTasks;
  for (;;) {
    const micros = ROUTER_CPU.request + ROUTER_CPU.invocation / sizeWith(tasks);
    const needed = Math.ceil(
      (rate * workload.capacityFactor * micros) / 1e6 / TASK.vcpus / UTILIZATION,
    );
    if (needed <= tasks) break;
    tasks = needed;
  }
  const batchSize = sizeWith(tasks);
  const lambda = lambdaCost(
    {
      invocations: requests / batchSize,
      billedMs: Math.ceil(batchDurationMs(workload, batchSize)),
      memoryMb,
      architecture,
    },
    prices,
  );
  const service = tasksPerHour({ tasks, ...TASK, architecture }, prices) * HOURS;
  const cost = lambda + service + balancer(requests, workload, 'tasks', prices);
  return { tasks, batchSize, lambda, cost };
}

function plainLambda(requests: number, workload: Workload, prices: Prices): number {
  const { durationMs, memoryMb, architecture } = workload;
  const billedMs = Math.ceil(durationMs);
  return lambdaCost({ invocations: requests, billedMs, memoryMb, architecture }, prices);
}

function balancer(
  requests: number,
  { kilobytes, requestsPerConnection }: Workload,
  targets: 'tasks' | 'lambda',
  prices: Prices,
): number {
  const requestsPerSecond = requests / SECONDS_PER_MONTH;
  const traffic = { requestsPerSecond, kilobytes, requestsPerConnection };
  return loadBalancerPerHour(traffic, targets, prices) * HOURS;
}

function container(requests: number, workload: Workload, prices: Prices): number {
  const { architecture } = workload;
  const tasks = Math.max(CONTAINER_TASKS, Math.ceil(vcpusFor(requests, workload) / TASK.vcpus));
  return (
    tasksPerHour({ tasks, ...TASK, architecture }, prices) * HOURS +
    balancer(requests, workload, 'tasks', prices)
  );
}

/** Without what is in front of them: none is charged for a function URL. */
function managedInstances(requests: number, workload: Workload, prices: Prices): number {
  const { instance, minimumInstances, managementFee, concurrencyPerVcpu, perMillionRequests } =
    prices.managedInstances;
  const rate = (requests / SECONDS_PER_MONTH) * workload.capacityFactor;
  const inFlight = (rate * workload.durationMs) / 1000;
  const vcpus = Math.max(vcpusFor(requests, workload), inFlight / concurrencyPerVcpu);
  const instances = Math.max(minimumInstances, Math.ceil(vcpus / instance.vcpus));
  return (
    instances * instance.perHour * (1 + managementFee) * HOURS +
    (requests / 1e6) * perMillionRequests
  );
}

function vcpusFor(requests: number, { capacityFactor, cpuMs }: Workload): number {
  return ((requests / SECONDS_PER_MONTH) * capacityFactor * cpuMs) / 1000 / UTILIZATION;
}

function tiered(requests: number, tiers: Prices['httpApi']['perMillionRequests']): number {
  let cost = 0;
  let below = 0;
  for (const { upToMillions = Infinity, usd } of tiers) {
    cost += Math.max(0, Math.min(requests / 1e6, upToMillions) - below) * usd;
    below = upToMillions;
  }
  return cost;
}
