import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

export interface Tab {
  readonly name: string;
  readonly content: ComponentChildren;
}

/** Tabs, as the ARIA practices have them: arrow keys go from one to the next. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [at, setAt] = useState(0);
  const id = (index: number): string => `tab-${index}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = (at + step + tabs.length) % tabs.length;
    setAt(next);
    document.querySelector<HTMLElement>(`#${id(next)}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ name }, index) => (
          <button
            key={index}
            type="button"
            role="tab"
            id={id(index)}
            aria-selected={index === at}
            aria-controls="tab-panel"
            tabIndex={index === at ? 0 : -1}
            onClick={() => setAt(index)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={id(at)}>
        {tabs[at]?.content}
      </div>
    </>
  );
}
