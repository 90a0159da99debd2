import { useEffect, useRef } from 'preact/hooks';
import type { Entry } from './entries.ts';
import { milliseconds, time } from './format.ts';

export interface BatchListProps {
  readonly entries: readonly Entry[];
  readonly routes: readonly string[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

const COLUMNS = [
  'Time',
  'Route',
  'Requests',
  'Wait',
  'Released',
  'Duration',
  'Outcome',
  'Environment',
  'Function',
];

/** A row for each batch and each request without one, the newest first. */
export function BatchList({ entries, routes, selected, onSelect }: BatchListProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = entries.findIndex(({ id }) => id === selected);
    const to = targetOf(event.key, at, entries.length);
    const next = to === undefined ? undefined : entries[to];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    body.current?.querySelector<HTMLElement>(`[data-id="${next.id}"]`)?.focus();
  };
  useEffect(() => {
    // `nearest`: what is in sight already stays where it is.
    const row = body.current?.querySelector('[aria-selected="true"]');
    row?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const inTabOrder = entries.some(({ id }) => id === selected) ? selected : entries[0]?.id;
  return (
    <section class="list" aria-label="Batches">
      <table role="grid" aria-rowcount={entries.length + 1}>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {entries.map((entry) => (
            <tr
              key={entry.id}
              data-id={entry.id}
              class={`colour-${routes.indexOf(entry.route) % 8} ${entry.failed ? 'failed' : ''}`}
              aria-selected={entry.id === selected}
              tabIndex={entry.id === inTabOrder ? 0 : -1}
              onClick={() => onSelect(entry.id)}
            >
              <Cells entry={entry} />
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length === 0 && (
        <p class="empty">
          No batches yet. Send requests to this address, several at once, and they appear here.
        </p>
      )}
    </section>
  );
}

function Cells({ entry }: { readonly entry: Entry }) {
  if (entry.type === 'request') {
    const { method, target, totalMs } = entry.request;
    return (
      <>
        <td class="number">{time(entry.startMs)}</td>
        <td class="route">{entry.route}</td>
        <td colSpan={3} class="target">
          {method} {target}
        </td>
        <td class="number">{milliseconds(totalMs)}</td>
        <td colSpan={3} class="outcome">
          {outcomeOfRequest(entry.request)}
          {entry.request.replayOf && <span class="tag">replay</span>}
        </td>
      </>
    );
  }
  const { size, waitMs, reason, functionName, durationMs, environment } = entry.batch;
  const { cold, initMs, streaming } = entry.batch;
  return (
    <>
      <td class="number">{time(entry.startMs)}</td>
      <td class="route">{entry.route}</td>
      <td class="number">{size}</td>
      <td class="number">{entry.batch.source === 'router' ? milliseconds(waitMs) : '–'}</td>
      <td>{reason ?? '–'}</td>
      <td class="number">{durationMs === undefined ? 'running' : milliseconds(durationMs)}</td>
      <td class="outcome">{outcomeOf(entry)}</td>
      <td>
        {environment === undefined ? '–' : `#${environment}`}
        {cold && <span class="tag cold">cold {milliseconds(initMs)}</span>}
      </td>
      <td>
        {functionName}
        {streaming && <span class="tag">stream</span>}
        {entry.requests.some(({ replayOf }) => replayOf) && <span class="tag">replay</span>}
      </td>
    </>
  );
}

function outcomeOf(entry: Extract<Entry, { type: 'batch' }>): string {
  const { failure, durationMs, retries, dropped } = entry.batch;
  const statuses = new Map<number, number>();
  for (const { status = 0 } of entry.requests) {
    if (status !== 0) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const codes = [...statuses].map(([status, many]) =>
    many === 1 ? `${status}` : `${many} × ${status}`,
  );
  const parts = [
    failure ?? (durationMs !== undefined && codes.length === 0 ? 'answered' : undefined),
    codes.join(', '),
    retries > 0 ? `${retries} retried` : '',
    dropped > 0 ? `${dropped} dropped` : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

function outcomeOfRequest({
  status,
  failure,
  cancelled,
  totalMs,
}: Extract<Entry, { type: 'request' }>['request']) {
  if (cancelled !== undefined) return `client left (${cancelled.replace('_', ' ')})`;
  if (totalMs === undefined) return 'waiting';
  return [status, failure].filter(Boolean).join(' · ');
}

function targetOf(key: string, at: number, length: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, length - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    case 'Enter':
    case ' ':
      return Math.max(at, 0);
    default:
      return undefined;
  }
}
