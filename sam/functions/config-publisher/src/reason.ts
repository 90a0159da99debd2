import { ProblemsError } from './problems-error.ts';

/**
 * Words a failure in at most `room` bytes of JSON. What does not fit is counted, and is in the log.
 */
export function wordReason(error: unknown, room: number, logStream: string): string {
  if (!(error instanceof ProblemsError)) {
    const text = error instanceof Error ? error.message : String(error);
    return fits(text, room) ? text : cut(text, room);
  }
  const { lines, subject } = error;
  const problems = `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'}`;
  // The number comes first: whatever shows the reason may cut it once more.
  const title = `Expected a valid ${subject === 'manifest' ? 'manifest' : 'set of properties'}, got ${problems}:`;
  const whole = [title, ...lines].join('\n');
  if (fits(whole, room)) return whole;
  let reason = title;
  for (let shown = 0; shown < lines.length; shown += 1) {
    const rest = `… and ${lines.length - shown} more, in the log stream ${logStream}`;
    const longer = [title, ...lines.slice(0, shown), rest].join('\n');
    if (!fits(longer, room)) break;
    reason = longer;
  }
  return reason;
}

function fits(text: string, room: number): boolean {
  return Buffer.byteLength(JSON.stringify(text)) <= room;
}

function cut(text: string, room: number): string {
  // By characters, so that none is torn apart.
  const characters = [...text];
  while (characters.length > 0 && !fits(`${characters.join('')}…`, room)) {
    characters.length -= Math.ceil(characters.length / 16);
  }
  return `${characters.join('')}…`;
}
