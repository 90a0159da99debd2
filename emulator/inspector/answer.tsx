import type { BatchDetail } from '../src/inspector/messages.ts';
import { bytes, count, milliseconds } from './format.ts';
import { Json, ShownText } from './shown-text.tsx';
import type { Piece } from './pieces.ts';

export interface AnswerProps {
  readonly detail: BatchDetail;
  readonly pieces: readonly Piece[];
}

/** What the function answered, as it arrived: records or frames, each with its time and its request. */
export function Answer({ detail, pieces }: AnswerProps) {
  const { summary, recordsCut } = detail;
  if (pieces.length === 0) {
    const text = summary.durationMs === undefined ? 'Nothing yet.' : 'Nothing has arrived.';
    return <p class="empty">{text}</p>;
  }
  return (
    <>
      <ol class="records">
        {pieces.map((piece, index) => (
          <li key={index}>
            <details open={pieces.length === 1}>
              <summary>
                <span class="number">+{milliseconds(piece.atMs)}</span>
                <span class="index" title={piece.requestId}>
                  {piece.place === undefined ? '' : piece.place + 1}
                </span>
                <span class="kind">{piece.kind}</span>
                <span class="number">{bytes(piece.shown.bytes)}</span>
                <code>{piece.line}</code>
              </summary>
              {piece.json === undefined ? (
                <ShownText shown={piece.shown} label="Record" />
              ) : (
                <Json text={piece.json} label="Record" />
              )}
            </details>
          </li>
        ))}
      </ol>
      {recordsCut > 0 && (
        <p class="cut" role="note">
          Cut: {count(recordsCut, 'more record')} that were not kept.
        </p>
      )}
    </>
  );
}
