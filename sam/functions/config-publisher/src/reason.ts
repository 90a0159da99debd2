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
  let reason = [title, ...lines].join('\n');
  for (let shown = lines.length - 1; shown >= 0 && !fits(reason, room); shown -= 1) {
    const rest = `… and ${lines.length - shown} more, in the log stream ${logStream}`;
    reason = [title, ...lines.slice(0, shown), rest].join('\n');
  }
  return reason;
}

function fits(text: string, room: number): boolean {
  return Buffer.byteLength(JSON.stringify(text)) <= room;
}

function cut(text: string, room: number): string {
  const characters = [...text];
  while (!fits(`${characters.join('')}…`, room))
    characters.length -= Math.ceil(characters.length / 16);
  return `${characters.join('')}…`;
}
