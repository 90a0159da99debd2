import { count, span } from './format.ts';
import type { State } from './state.ts';
import type { View } from './use-location.ts';

/** How much of the past the time axis shows, in ms. */
export const SPANS = [500, 2000, 10_000, 60_000, 300_000] as const;
export type Span = (typeof SPANS)[number];

export interface ToolbarProps {
  readonly state: State;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly routes: readonly string[];
  readonly route: string | undefined;
  readonly onRoute: (route: string | undefined) => void;
  readonly spanMs: Span;
  readonly onSpan: (spanMs: Span) => void;
  readonly onClear: () => void;
  readonly note: string;
}

/** Views, the filter, and how it goes. */
export function Toolbar(props: ToolbarProps) {
  const { state, view, onView, routes, route, onRoute, spanMs, onSpan, onClear, note } = props;
  const { reload } = state.setting;
  return (
    <header class="toolbar">
      <h1>lpr inspector</h1>
      <nav aria-label="Views">
        {(['batches', 'functions'] as const).map((name) => (
          <a
            key={name}
            href={`#${name}`}
            aria-current={view === name ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault();
              onView(name);
            }}
          >
            {name === 'batches' ? 'Batches' : 'Functions'}
          </a>
        ))}
      </nav>
      {view === 'batches' && (
        <>
          <label>
            <span class="label">Route</span>
            <select
              id="route"
              value={route ?? ''}
              onChange={({ currentTarget }) => onRoute(currentTarget.value || undefined)}
            >
              <option value="">all</option>
              {routes.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span class="label">Last</span>
            <select
              value={String(spanMs)}
              onChange={({ currentTarget }) => onSpan(SPANS[currentTarget.selectedIndex] ?? spanMs)}
            >
              {SPANS.map((one) => (
                <option key={one} value={String(one)}>
                  {span(one)}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={onClear}>
            Clear
          </button>
        </>
      )}
      <p class="sums">{sums(state)}</p>
      <p class="note" role="status">
        {note || (reload && <span class={reload.ok ? '' : 'bad'}>{reload.text}</span>)}
      </p>
      <p class={`connection ${state.connected ? 'live' : ''}`} role="status">
        {state.connected ? 'Live' : 'Connecting …'}
      </p>
    </header>
  );
}

/** What batching comes to: requests for each invocation. */
function sums({ batches, requests }: State): string {
  let invoked = 0;
  for (const { size } of batches.values()) invoked += size;
  let waiting = 0;
  for (const { batchId, totalMs } of requests.values()) {
    if (batchId === undefined && totalMs === undefined) waiting += 1;
  }
  if (batches.size === 0) return waiting === 0 ? '' : `${waiting} waiting`;
  const each = (invoked / batches.size).toFixed(1);
  const text = `${count(invoked, 'request')} in ${count(batches.size, 'invocation')}: ${each} each`;
  return waiting === 0 ? text : `${text}, ${waiting} waiting`;
}
