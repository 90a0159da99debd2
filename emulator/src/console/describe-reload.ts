import type { Reloaded } from '../reloader.ts';

/** What a reload came to, in a line; more where the reason takes more. */
export function describeReload({ type, what, files, durationMs, errors }: Reloaded): string {
  const because = files.length === 0 ? '' : ` (${files.join(', ')})`;
  if (type === 'reloaded') return `Reloaded ${what} in ${Math.round(durationMs)} ms${because}`;
  return `Kept the last good version of ${what}${because}: ${errors.join('\n')}`;
}
