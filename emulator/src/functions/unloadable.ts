import { errorText } from '../runtime/errors.ts';
import type { Preparation } from './invocation.ts';

/** Functions that cannot be loaded for the same reason. */
export interface Unloadable {
  /** Their names, in backticks. */
  readonly names: string;
  readonly reason: string;
}

/** Which functions cannot be loaded, and why; a mistake in what several of them import is told once. */
export function unloadable(preparations: ReadonlyMap<string, Preparation>): Unloadable[] {
  const byReason = new Map<string, string[]>();
  for (const [name, preparation] of preparations) {
    if (preparation.type === 'ready') continue;
    const reason = errorText(preparation.error);
    byReason.set(reason, [...(byReason.get(reason) ?? []), `\`${name}\``]);
  }
  return [...byReason].map(([reason, names]) => ({ names: names.join(', '), reason }));
}
