import type { BatchSummary, RequestSummary } from '../src/inspector/messages.ts';
import type { State } from './state.ts';

/** What has no route: calls through the Lambda API, and requests that met none. */
export const LAMBDA_API = 'Lambda API';
export const NO_ROUTE = 'No route';

/** A request that waits for so long is shown before it is in a batch. */
const WAITS_LONG_MS = 250;

interface Timed {
  readonly id: string;
  /** Epoch ms: the first arrival. */
  readonly startMs: number;
  /** Absent while it is under way. */
  readonly endMs: number | undefined;
  readonly route: string;
  readonly failed: boolean;
}

export interface BatchEntry extends Timed {
  readonly type: 'batch';
  readonly batch: BatchSummary;
  readonly requests: readonly RequestSummary[];
}

export interface RequestEntry extends Timed {
  readonly type: 'request';
  readonly request: RequestSummary;
}

/** A line of the list: a batch, or a request that is in none. */
export type Entry = BatchEntry | RequestEntry;

/** The entries of a route, or of all of them, the newest first. */
export function entriesOf(state: State, route: string | undefined, nowMs: number): Entry[] {
  const entries: Entry[] = [];
  for (const batch of state.batches.values()) entries.push(batchEntry(batch, state));
  for (const request of state.requests.values()) {
    if (request.batchId !== undefined) continue;
    const waits = request.totalMs === undefined;
    if (!waits || nowMs - request.arrivedAtMs > WAITS_LONG_MS) entries.push(requestEntry(request));
  }
  return entries
    .filter((entry) => route === undefined || entry.route === route)
    .sort((a, b) => b.startMs - a.startMs);
}

// The same entry for the same state, so that its row need not be drawn again.
const ofBatches = new WeakMap<BatchSummary, BatchEntry>();
const ofRequests = new WeakMap<RequestSummary, Entry>();

function batchEntry(batch: BatchSummary, state: State): Entry {
  const requests = batch.requestIds.flatMap((one) => state.requests.get(one) ?? []);
  const before = ofBatches.get(batch);
  const same = before?.requests.length === requests.length;
  if (before && same && before.requests.every((one, at) => one === requests[at])) return before;
  const { id, releasedAtMs, waitMs, durationMs, failure, dropped } = batch;
  const entry: BatchEntry = {
    type: 'batch',
    id,
    batch,
    requests,
    route: batch.route ?? LAMBDA_API,
    startMs: releasedAtMs - waitMs,
    endMs: durationMs === undefined ? undefined : releasedAtMs + durationMs,
    failed: failure !== undefined || dropped > 0 || requests.some(isFailed),
  };
  ofBatches.set(batch, entry);
  return entry;
}

function requestEntry(request: RequestSummary): Entry {
  const before = ofRequests.get(request);
  if (before) return before;
  const { id, arrivedAtMs: startMs, totalMs, route = NO_ROUTE } = request;
  const endMs = totalMs === undefined ? undefined : startMs + totalMs;
  const failed = isFailed(request);
  const entry: Entry = { type: 'request', id, request, route, startMs, endMs, failed };
  ofRequests.set(request, entry);
  return entry;
}

/** Whether the client has no answer of the function, or one that says that it failed. */
export function isFailed({ failure, status = 0, cancelled }: RequestSummary): boolean {
  return failure !== undefined || cancelled !== undefined || status >= 500;
}

/** What there is to filter by: the routes of the manifest, and whatever else has come. */
export function routesOf(state: State): string[] {
  const routes = new Set(state.setting.routes.map(({ path }) => path));
  for (const { route = LAMBDA_API } of state.batches.values()) routes.add(route);
  for (const { route = NO_ROUTE, batchId, totalMs } of state.requests.values()) {
    if (batchId === undefined && totalMs !== undefined) routes.add(route);
  }
  return [...routes];
}
