import type { Architecture, Prices } from './prices.ts';

/** A service of Fargate tasks behind a load balancer. */
export interface Service {
  readonly tasks: number;
  readonly vcpus: number;
  readonly memoryGb: number;
  readonly architecture: Architecture;
}

/** What goes through a load balancer. */
export interface Traffic {
  readonly requestsPerSecond: number;
  /** Of a request and its answer, in KB. */
  readonly kilobytes: number;
  /** How many requests a client sends over one connection. */
  readonly requestsPerConnection: number;
}

/** Of the tasks alone, in USD an hour. */
export function tasksPerHour(
  { tasks, vcpus, memoryGb, architecture }: Service,
  { fargate }: Prices,
): number {
  const { perVcpuHour, perGbHour } = fargate[architecture];
  return tasks * (vcpus * perVcpuHour + memoryGb * perGbHour);
}

/** Where traffic is not known: small JSON, and clients that keep their connection for a while. */
export const TYPICAL_TRAFFIC = { kilobytes: 4, requestsPerConnection: 20 } as const;

/**
 * Of one Application Load Balancer, in USD an hour: the hour itself and its capacity units, of which
 * the dearest dimension counts. Active connections and rules are left out: few of either.
 */
export function loadBalancerPerHour(
  { requestsPerSecond, kilobytes, requestsPerConnection }: Traffic,
  targets: 'tasks' | 'lambda',
  { alb }: Prices,
): number {
  const gbPerHour = (requestsPerSecond * 3600 * kilobytes) / 1e6;
  const { newConnectionsPerSecond, gbPerHour: gb, gbPerHourToLambda } = alb.lcu;
  const units = Math.max(
    requestsPerSecond / requestsPerConnection / newConnectionsPerSecond,
    gbPerHour / (targets === 'lambda' ? gbPerHourToLambda : gb),
  );
  return alb.perHour + units * alb.perLcuHour;
}
