import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { BatchDetails } from './batch-details.tsx';
import { BatchList } from './batch-list.tsx';
import { exampleOf } from './curl.ts';
import { entriesOf, routesOf } from './entries.ts';
import type { Entry } from './entries.ts';
import { Functions } from './functions.tsx';
import { RequestDetails } from './request-details.tsx';
import { clear, replay, useEmulator } from './store.ts';
import { busyUntil } from './state.ts';
import { AHEAD, Timeline } from './timeline.tsx';
import { SPANS, Toolbar } from './toolbar.tsx';
import type { Span } from './toolbar.tsx';
import { usePlace } from './use-location.ts';
import { useNow } from './use-now.ts';

/** The whole page. */
export function App() {
  const state = useEmulator();
  const [{ view, selected }, go] = usePlace();
  const [route, setRoute] = useState<string>();
  const [spanMs, setSpan] = useState<Span>(SPANS[2]);
  const [note, setNote] = useState('');
  // A request's entry becomes that of its batch.
  const [awaited, setAwaited] = useState<string>();
  const nowMs = useNow(busyUntil(state) + spanMs * AHEAD, state.clockOffsetMs);
  const routes = useMemo(() => routesOf(state), [state]);
  const entries = useMemo(() => entriesOf(state, route, nowMs), [state, route, nowMs]);
  const entry = entries.find(({ id }) => id === selected);

  const select = useCallback(
    (id: string | undefined) => go({ view: 'batches', selected: id }),
    [go],
  );
  const replayAll = (ids: readonly string[]): void => {
    setNote(ids.length === 1 ? 'Replaying a request …' : `Replaying ${ids.length} requests …`);
    replay(ids).then(
      (replayed) => {
        const sent = replayed.filter((id) => id !== undefined);
        setNote(sent.length === ids.length ? '' : `Replayed ${sent.length} of ${ids.length}`);
        setAwaited(sent[0]);
      },
      (error: unknown) => setNote(`Not replayed: ${String(error)}`),
    );
  };
  useEffect(() => {
    const request = awaited === undefined ? undefined : state.requests.get(awaited);
    if (request === undefined) return;
    if (request.batchId === undefined && request.totalMs === undefined) return;
    setAwaited(undefined);
    setRoute(undefined);
    select(request.batchId ?? request.id);
  }, [awaited, state, select]);
  const close = useCallback(() => {
    // Whoever uses the keyboard goes on where the selection was.
    document.querySelector<HTMLElement>('tr[aria-selected="true"]')?.focus();
    select(undefined);
  }, [select]);
  useKeys({
    entries,
    selected,
    select,
    close,
    zoom: (step) => setSpan((before) => SPANS[SPANS.indexOf(before) + step] ?? before),
    replay: () => replayAll(replayable(entry)),
  });

  return (
    <>
      <Toolbar
        state={state}
        view={view}
        onView={(next) => go({ view: next })}
        routes={routes}
        route={route}
        onRoute={setRoute}
        spanMs={spanMs}
        onSpan={setSpan}
        onClear={() => void clear()}
        note={note}
      />
      {view === 'functions' ? (
        <Functions state={state} />
      ) : (
        <main class={entry ? 'with-details' : ''}>
          <Timeline
            entries={entries}
            routes={routes}
            nowMs={nowMs}
            spanMs={spanMs}
            selected={selected}
            onSelect={select}
          />
          <BatchList
            entries={entries}
            routes={routes}
            selected={selected}
            example={exampleOf(
              state.setting.routes.filter(({ path }) => route === undefined || path === route),
              window.location.origin,
            )}
            onSelect={select}
          />
          {entry?.type === 'batch' && (
            <BatchDetails key={entry.id} entry={entry} onReplay={replayAll} onClose={close} />
          )}
          {entry?.type === 'request' && (
            <aside class="details" aria-label="Request">
              <header>
                <h2>
                  {entry.request.method} {entry.request.target}
                </h2>
                <button type="button" class="close" aria-label="Close" title="Esc" onClick={close}>
                  ×
                </button>
              </header>
              <RequestDetails request={entry.request} onReplay={replayAll} />
            </aside>
          )}
        </main>
      )}
    </>
  );
}

function replayable(entry: Entry | undefined): readonly string[] {
  if (entry === undefined) return [];
  return entry.type === 'batch' ? entry.batch.requestIds : [entry.id];
}

interface Keys {
  readonly entries: readonly Entry[];
  readonly selected: string | undefined;
  readonly select: (id: string | undefined) => void;
  readonly close: () => void;
  /** Shows more of the past, or less. */
  readonly zoom: (step: 1 | -1) => void;
  readonly replay: () => void;
}

/** j and k go up and down wherever the focus is; the list itself knows the arrow keys. */
function useKeys({ entries, selected, select, close, zoom, replay: replaySelected }: Keys): void {
  // In force as soon as the row is: keys may follow each other fast.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) return;
      const at = entries.findIndex(({ id }) => id === selected);
      if (event.key === 'j') select(entries[Math.min(at + 1, entries.length - 1)]?.id);
      else if (event.key === 'k') select(entries[Math.max(at - 1, 0)]?.id);
      else if (event.key === 'r' && selected !== undefined) replaySelected();
      else if (event.key === 'Escape') close();
      else if (event.key === '+') zoom(-1);
      else if (event.key === '-') zoom(1);
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('#route')?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
