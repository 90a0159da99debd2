import { useMemo } from 'preact/hooks';
import type { Shown } from '../src/inspector/messages.ts';
import { bytes, count } from './format.ts';
import { pretty, tokensOf } from './json-text.ts';

/** A payload or body: JSON on several lines and in colours, other text as it is. */
export function ShownText({ shown, label }: { readonly shown: Shown; readonly label: string }) {
  const { text, binary, cut } = shown;
  if (shown.bytes === 0) return <p class="empty">Empty.</p>;
  if (binary) return <p class="empty">{count(shown.bytes, 'byte')} that are no text.</p>;
  return (
    <>
      {cut && (
        <p class="cut" role="note">
          Cut: the first of {bytes(shown.bytes)}.
        </p>
      )}
      <Json text={text} label={label} />
    </>
  );
}

/** Text in a box that can be scrolled with the keyboard. */
export function Json({ text, label }: { readonly text: string; readonly label: string }) {
  const tokens = useMemo(() => tokensOf(pretty(text)), [text]);
  return (
    <pre tabIndex={0} role="region" aria-label={label}>
      {tokens.map(({ kind, text: piece }, index) =>
        kind === 'rest' ? (
          piece
        ) : (
          <span key={index} class={`json-${kind}`}>
            {piece}
          </span>
        ),
      )}
    </pre>
  );
}
