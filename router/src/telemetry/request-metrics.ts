import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { channels, REJECT_REASONS } from './channels.ts';
import type { RequestSettled } from './channels.ts';
import { directCounter, directHistogram } from './direct-metrics.ts';
import type { DirectCount, DirectObservations } from './direct-metrics.ts';
import { LATENCY_BUCKETS } from './metric-buckets.ts';
import { subscribeRouter } from './typed-channel.ts';

/** Methods that have a label of their own; a client can send any other. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What requests of one route, method and status class are counted by: labels are resolved once. */
interface RequestChild {
  readonly count: DirectCount;
  readonly latency: DirectObservations;
}

/** Counts the requests of one router; returns what stops it. */
export function requestMetrics(registry: Registry, routerId: string): () => void {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status_class'];
  const requests = directCounter({
    name: 'lpr_requests_total',
    help: 'Requests that are over; status class `none`: the client left before its answer began.',
    labelNames,
    registers,
  });
  const latency = directHistogram({
    name: 'lpr_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames,
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'lpr_item_failures_total',
    help: 'Invoked requests that the router had to answer for the function, or broke off, by error code.',
    labelNames: ['route', 'code'],
    registers,
  });
  const cancelled = new Counter({
    name: 'lpr_requests_cancelled_total',
    help: 'Requests whose client left, by where they were.',
    labelNames: ['state'],
    registers,
  });
  const rejected = new Counter({
    name: 'lpr_requests_rejected_total',
    help: 'Requests that were refused with 429, by the bound that was reached.',
    labelNames: ['reason'],
    registers,
  });
  // A series that begins with its first event has no rate for that event.
  for (const state of ['queued', 'in_flight']) cancelled.inc({ state }, 0);
  for (const reason of REJECT_REASONS) rejected.inc({ reason }, 0);

  const children = new Map<string, Map<string, (RequestChild | undefined)[]>>();
  const childOf = ({ route, method: sent, status }: RequestSettled): RequestChild => {
    const method = METHODS.has(sent) ? sent : 'other';
    const statusClass = status === undefined ? 0 : Math.trunc(status / 100);
    let ofRoute = children.get(route);
    if (!ofRoute) children.set(route, (ofRoute = new Map()));
    let ofMethod = ofRoute.get(method);
    if (!ofMethod) ofRoute.set(method, (ofMethod = []));
    const known = ofMethod[statusClass];
    if (known) return known;
    const labels = [method, route, statusClass === 0 ? 'none' : `${statusClass}xx`];
    const child = { count: requests.labels(...labels), latency: latency.labels(...labels) };
    ofMethod[statusClass] = child;
    return child;
  };

  const stops = [
    subscribeRouter(channels.requestSettled, routerId, (request) => {
      const child = childOf(request);
      child.count.inc();
      child.latency.observe(request.totalMs / 1000);
      const { route, failure: code } = request;
      if (request.cancelled !== undefined) cancelled.inc({ state: request.cancelled });
      if (code !== undefined && request.batchId !== undefined) failures.inc({ route, code });
    }),
    subscribeRouter(channels.requestRejected, routerId, ({ reason }) => rejected.inc({ reason })),
  ];
  return () => stops.forEach((stop) => stop());
}
