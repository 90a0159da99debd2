import { useMemo, useState } from 'preact/hooks';
import type { BatchSummary, RequestSummary, Shown } from '../src/inspector/messages.ts';
import { isFailed } from './entries.ts';
import { bytes, milliseconds } from './format.ts';
import { RequestDetails } from './request-details.tsx';

export interface BatchRequestsProps {
  readonly batch: BatchSummary;
  readonly requests: readonly RequestSummary[];
  readonly event: Shown;
  readonly onReplay: (requestIds: readonly string[]) => void;
}

/** The requests of a batch, each on the batch's own time axis; one of them can be opened. */
export function BatchRequests({ batch, requests, event, onReplay }: BatchRequestsProps) {
  const [open, setOpen] = useState(requests.length === 1 ? requests[0]?.id : undefined);
  const items = useMemo(() => itemsOf(event.text), [event.text]);
  const startMs = batch.releasedAtMs - batch.waitMs;
  const endMs = requests.reduce(
    (max, { arrivedAtMs, totalMs = 0 }) => Math.max(max, arrivedAtMs + totalMs),
    batch.releasedAtMs + (batch.durationMs ?? 0),
  );
  const percent = (ms: number): string => `${(ms / Math.max(1, endMs - startMs)) * 100}%`;
  return (
    <ol class="requests">
      {requests.map((request, index) => (
        <li key={request.id} class={isFailed(request) ? 'failed' : ''}>
          <button
            type="button"
            class="request"
            aria-expanded={open === request.id}
            onClick={() => setOpen(open === request.id ? undefined : request.id)}
          >
            <span class="index">{index + 1}</span>
            <span class="target">
              {request.method} {request.target}
            </span>
            <span class="status">{statusOf(request)}</span>
            <span class="number">{milliseconds(request.totalMs)}</span>
            <span class="number">{bytes(request.bytesOut ?? 0)}</span>
            <span class="bars" aria-hidden="true">
              <span
                class="wait"
                style={{
                  left: percent(request.arrivedAtMs - startMs),
                  width: percent(batch.releasedAtMs - request.arrivedAtMs),
                }}
              />
              <span
                class="run"
                style={{
                  left: percent(batch.releasedAtMs - startMs),
                  width: percent(endOf(request, endMs) - batch.releasedAtMs),
                }}
              />
            </span>
          </button>
          {open === request.id && (
            <RequestDetails request={request} item={items?.[index]} onReplay={onReplay} />
          )}
        </li>
      ))}
    </ol>
  );
}

function statusOf({ status, failure, cancelled, totalMs }: RequestSummary): string {
  if (cancelled !== undefined) return 'client left';
  if (totalMs === undefined && status === undefined) return 'waiting';
  return [status, failure].filter(Boolean).join(' ');
}

function endOf({ arrivedAtMs, totalMs }: RequestSummary, nowMs: number): number {
  return totalMs === undefined ? nowMs : arrivedAtMs + totalMs;
}

/** The items of a batch event; of any other event, itself. */
function itemsOf(text: string): unknown[] | undefined {
  try {
    const event = JSON.parse(text) as { readonly batch?: unknown };
    return Array.isArray(event.batch) ? event.batch : [event];
  } catch {
    return undefined;
  }
}
