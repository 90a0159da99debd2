import { useEffect, useState } from 'preact/hooks';
import type {
  BatchDetail,
  BatchSummary,
  Replayed,
  RequestDetail,
  RequestSummary,
  Snapshot,
  Update,
} from '../src/inspector/messages.ts';
import { apply, NOTHING } from './state.ts';
import type { State } from './state.ts';

const API = '/__lpr/api';

/** Follows the emulator for as long as the component lives; the browser reconnects by itself. */
export function useEmulator(): State {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    const source = new EventSource(`${API}/events`);
    const on = <T>(name: string, take: (message: T) => void): void => {
      source.addEventListener(name, (event) => take(JSON.parse(event.data as string) as T));
    };
    on<Snapshot>('snapshot', (snapshot) => {
      const clockOffsetMs = snapshot.nowMs - Date.now();
      setState({ ...apply(NOTHING, snapshot), connected: true, clockOffsetMs });
    });
    on<Update>('update', (update) => setState((before) => apply(before, update)));
    source.addEventListener('error', () => {
      setState((before) => ({ ...before, connected: false }));
    });
    return () => source.close();
  }, []);
  return state;
}

/** What was fetched; `undefined` until it is there, `null` when it is not kept any more. */
export type Fetched<T> = T | null | undefined;

/** Fetches again whenever `version` is another one. */
function useFetched<T>(path: string, version: unknown): Fetched<T> {
  const [fetched, setFetched] = useState<{ path: string; value: T | null }>();
  useEffect(() => {
    const aborted = new AbortController();
    fetch(`${API}/${path}`, { signal: aborted.signal })
      .then(async (response) => (response.ok ? ((await response.json()) as T) : null))
      .then((value) => setFetched({ path, value }))
      .catch(() => undefined);
    return () => aborted.abort();
  }, [path, version]);
  return fetched?.path === path ? fetched.value : undefined;
}

/** All about a batch; fetched again when its summary is another one. */
export function useBatch(batch: BatchSummary): Fetched<BatchDetail> {
  return useFetched(`batches/${batch.id}`, batch);
}

export function useRequest(request: RequestSummary): Fetched<RequestDetail> {
  return useFetched(`requests/${request.id}`, request);
}

/** Sends requests again; resolves to the ids of the new ones. */
export async function replay(requestIds: readonly string[]): Promise<(string | undefined)[]> {
  const response = await post('replay', { requestIds });
  if (!response.ok) throw new Error(`The emulator has answered ${response.status}`);
  const { requestIds: replayed } = (await response.json()) as Replayed;
  // What could not be sent is `null` in JSON.
  return replayed.map((id) => id ?? undefined);
}

/** Forgets what is over. */
export async function clear(): Promise<void> {
  await post('clear', {});
}

function post(path: string, body: object): Promise<Response> {
  return fetch(`${API}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
