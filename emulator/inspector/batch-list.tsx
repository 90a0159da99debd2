import { Component } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RequestSummary } from '../src/inspector/messages.ts';
import type { BatchEntry, Entry } from './entries.ts';
import { count, milliseconds, time } from './format.ts';

export interface BatchListProps {
  readonly entries: readonly Entry[];
  readonly routes: readonly string[];
  readonly selected: string | undefined;
  /** A command that makes a batch, for those who have none. */
  readonly example: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Rows that are there without asking. */
const FEW = 100;

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
/** Columns of numbers, which stand at the right. */
const AMOUNTS = ['Requests', 'Wait', 'Duration'];

/** A row for each batch and each request without one, the newest first. */
export function BatchList({ entries, routes, selected, example, onSelect }: BatchListProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [all, setAll] = useState(false);
  const at = entries.findIndex(({ id }) => id === selected);
  const onKeyDown = (event: KeyboardEvent): void => {
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
  const shown = all ? entries : entries.slice(0, Math.max(FEW, at + 1));
  const inTabOrder = entries.some(({ id }) => id === selected) ? selected : entries[0]?.id;
  return (
    <section class="list" aria-label="Batches">
      <table role="grid" aria-rowcount={entries.length + 1}>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" class={AMOUNTS.includes(name) ? 'amount' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {shown.map((entry) => (
            <Row
              key={entry.id}
              entry={entry}
              colour={routes.indexOf(entry.route) % 8}
              chosen={entry.id === selected}
              inTabOrder={entry.id === inTabOrder}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {shown.length < entries.length && (
        <button type="button" class="older" onClick={() => setAll(true)}>
          Show {count(entries.length - shown.length, 'older row')}
        </button>
      )}
      {entries.length === 0 && (
        <div class="empty">
          <p>
            No batches yet. Send requests to this address, several at once, and they appear here.
          </p>
          {example !== undefined && <pre>{example}</pre>}
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly colour: number;
  readonly chosen: boolean;
  readonly inTabOrder: boolean;
  readonly onSelect: (id: string) => void;
}

/** Drawn again only when it is another one: most rows are as they were. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { entry, colour, chosen, inTabOrder } = this.props;
    return (
      next.entry !== entry ||
      next.colour !== colour ||
      next.chosen !== chosen ||
      next.inTabOrder !== inTabOrder
    );
  }

  override render({ entry, colour, chosen, inTabOrder, onSelect }: RowProps) {
    return (
      <tr
        data-id={entry.id}
        class={`colour-${colour} ${entry.failed ? 'failed' : ''}`}
        aria-selected={chosen}
        tabIndex={inTabOrder ? 0 : -1}
        onClick={() => onSelect(entry.id)}
      >
        <Cells entry={entry} />
      </tr>
    );
  }
}

function Cells({ entry }: { readonly entry: Entry }) {
  if (entry.type === 'request') {
    const { method, target, totalMs } = entry.request;
    return (
      <>
        <td class="number">{time(entry.startMs)}</td>
        <td class="route" title={entry.route}>
          {entry.route}
        </td>
        <td colSpan={3} class="target">
          {method} {target}
        </td>
        <td class="number amount">{milliseconds(totalMs)}</td>
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
      <td class="route" title={entry.route}>
        {entry.route}
      </td>
      <td class="number amount">{size}</td>
      <td class="number amount">{entry.batch.source === 'router' ? milliseconds(waitMs) : '–'}</td>
      <td>{reason ?? '–'}</td>
      <td class="number amount">
        {durationMs === undefined ? 'running' : milliseconds(durationMs)}
      </td>
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

function outcomeOf(entry: BatchEntry): string {
  const { failure, durationMs, retries, dropped } = entry.batch;
  const statuses = new Map<number, number>();
  for (const { status = 0 } of entry.requests) {
    if (status !== 0) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  // What befell single requests; the batch has its own failure.
  const failures = new Set(entry.requests.flatMap((one) => one.failure ?? []));
  const codes = [...statuses].map(([status, many]) =>
    many === 1 ? `${status}` : `${many} × ${status}`,
  );
  const parts = [
    failure ?? (durationMs !== undefined && codes.length === 0 ? 'answered' : undefined),
    codes.join(', '),
    failure === undefined ? [...failures].join(', ') : '',
    retries > 0 ? `${retries} retried` : '',
    dropped > 0 ? `${dropped} dropped` : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

function outcomeOfRequest({ status, failure, cancelled, totalMs }: RequestSummary) {
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
