import { useCallback, useEffect, useState } from 'preact/hooks';

export type View = 'batches' | 'functions';

/** What is looked at: it stands in the address, so that a reload keeps it. */
export interface Place {
  readonly view: View;
  /** Of a batch or a request. */
  readonly selected: string | undefined;
}

/** The place in the address, and what goes to another one. */
export function usePlace(): [Place, (place: Partial<Place>) => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const onChange = (): void => setPlace(read());
    window.addEventListener('hashchange', onChange);
    return () => window.removeEventListener('hashchange', onChange);
  }, []);
  const go = useCallback((next: Partial<Place>) => {
    const after = { ...read(), ...next };
    const { view, selected } = after;
    setPlace(after);
    // No entry of the history for each row that was looked at.
    window.location.replace(`#${view}${selected === undefined ? '' : `/${selected}`}`);
  }, []);
  return [place, go];
}

function read(): Place {
  const [view, selected] = window.location.hash.slice(1).split('/');
  return { view: view === 'functions' ? 'functions' : 'batches', selected: selected || undefined };
}
