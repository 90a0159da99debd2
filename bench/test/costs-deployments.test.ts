import { describe, expect, it } from 'vitest';
import { monthlyCost, routerPlan } from '../src/costs/deployments.ts';
import { WAITING } from '../src/costs/handlers.ts';
import { readPrices } from '../src/costs/prices.ts';
import { batchDurationMs, checkWorkload, SECONDS_PER_MONTH } from '../src/costs/workload.ts';

const prices = readPrices();
const cost = (deployment: Parameters<typeof monthlyCost>[0], requests: number, more = {}) =>
  monthlyCost(deployment, requests, { ...WAITING, ...more }, prices);

describe('monthly cost', () => {
  it('of a function URL is requests and GB-seconds', () => {
    // 100 ms at half a GB: 50,000 GB-s a million.
    expect(cost('functionUrl', 1e6)).toBeCloseTo(0.2 + 50_000 * 0.0000166667, 6);
    expect(cost('functionUrl', 1e6, { architecture: 'arm64' })).toBeCloseTo(
      0.2 + 50_000 * 0.0000133334,
      6,
    );
  });

  it('of API Gateway adds its tiers', () => {
    const gateway = (name: 'httpApi' | 'restApi', requests: number) =>
      cost(name, requests) - cost('functionUrl', requests);
    expect(gateway('httpApi', 1e6)).toBeCloseTo(1, 6);
    expect(gateway('httpApi', 400e6)).toBeCloseTo(300 + 90, 6);
    expect(gateway('restApi', 1000e6)).toBeCloseTo(333 * 3.5 + 667 * 2.8, 4);
    expect(gateway('restApi', 30e9)).toBeCloseTo(
      333 * 3.5 + 667 * 2.8 + 19_000 * 2.38 + 10_000 * 1.51,
      2,
    );
  });

  it('of a load balancer is its hours and the dearest of its units', () => {
    const balancer = (requests: number, more = {}) =>
      cost('alb', requests, more) - cost('functionUrl', requests, more);
    expect(balancer(0)).toBeCloseTo(0.0225 * 730, 6);
    // 1,000 a second over 20 requests a connection: 2 units of connections; 14.4 GB an hour to Lambda: 36.
    expect(balancer(1000 * SECONDS_PER_MONTH)).toBeCloseTo((0.0225 + 36 * 0.008) * 730, 4);
    expect(balancer(1000 * SECONDS_PER_MONTH, { requestsPerConnection: 1 })).toBeCloseTo(
      (0.0225 + 40 * 0.008) * 730,
      4,
    );
  });

  it('of a container does not fall below two tasks, and grows with CPU', () => {
    const task = (0.04048 + 2 * 0.004445) * 730;
    expect(cost('container', 0)).toBeCloseTo(2 * task + 0.0225 * 730, 6);
    // 1,000 a second of 2 ms: 2 vCPU, half more provisioned, at 60 %: 5 tasks.
    const balancer = (0.0225 + 14.4 * 0.008) * 730;
    expect(cost('container', 1000 * SECONDS_PER_MONTH)).toBeCloseTo(5 * task + balancer, 4);
  });

  it('of Managed Instances is instances with their fee, and requests', () => {
    const instance = 0.0816 * 1.15 * 730;
    expect(cost('managedInstances', 0)).toBeCloseTo(3 * instance, 6);
    // 150 requests in flight, 64 on a vCPU: 2.3 vCPU; of CPU: 5. So 3 instances of 2 vCPU.
    const requests = 1000 * SECONDS_PER_MONTH;
    expect(cost('managedInstances', requests)).toBeCloseTo(3 * instance + requests / 5e6, 4);
    // 10 s of waiting: 15,000 in flight, 235 vCPU.
    expect(cost('managedInstances', requests, { durationMs: 10_000 })).toBeCloseTo(
      118 * instance + requests / 5e6,
      4,
    );
  });
});

describe('plan of the router', () => {
  const at = (rate: number, more = {}) =>
    routerPlan(rate * SECONDS_PER_MONTH, { ...WAITING, ...more }, prices);

  it('has thinner batches with more tasks and with more keys', () => {
    const { batchSize } = at(200);
    expect(batchSize).toBeCloseTo(3.5, 2);
    expect(at(200, { routerTasks: 4 }).batchSize).toBeCloseTo(1 + 1.25, 2);
    expect(at(200, { keys: 2 }).batchSize).toBeCloseTo(1 + 1.25, 2);
  });

  it('takes further tasks when the rate needs them', () => {
    expect(at(1000).tasks).toBe(2);
    // 40,000 a second of 66 µs: 2.65 vCPU, half more provisioned, at 60 %.
    expect(at(40_000)).toMatchObject({ tasks: 7, batchSize: expect.closeTo(16, 3) as number });
  });

  it('costs Lambda what a function URL costs when nothing is batched', () => {
    const requests = 1e9;
    const { lambda, batchSize } = routerPlan(requests, { ...WAITING, maxBatchSize: 1 }, prices);
    expect(batchSize).toBe(1);
    expect(lambda).toBeCloseTo(cost('functionUrl', requests), 6);
  });
});

describe('batch', () => {
  it('waits once and computes one request after the other', () => {
    // 2 ms on a whole vCPU are 6.9 on the share of 512 MB.
    const computing = (2 * 1769) / 512;
    expect(batchDurationMs(WAITING, 1)).toBeCloseTo(100, 6);
    expect(batchDurationMs(WAITING, 16)).toBeCloseTo(100 + 15 * computing, 6);
    const whole = { ...WAITING, cpuMs: 100, memoryMb: 3008 };
    expect(batchDurationMs(whole, 16)).toBeCloseTo(1600, 6);
  });

  it('refuses a handler that computes longer than it takes', () => {
    expect(() => checkWorkload(WAITING)).not.toThrow();
    expect(() => checkWorkload({ ...WAITING, cpuMs: 50 })).toThrow(
      'Expected `--cpu-ms` 50 to fit into `--duration-ms` 100, got 172.8 ms at 512 MB',
    );
  });
});
