import { distance } from 'fastest-levenshtein';

/** The one of `known` that `given` was probably meant to be; `undefined` when none is close. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestEdits = Infinity;
  for (const candidate of known) {
    const edits = editsBetween(given, candidate);
    if (edits < bestEdits) [best, bestEdits] = [candidate, edits];
  }
  if (best === undefined) return undefined;
  const tolerated = Math.max(2, Math.floor(best.length / 3));
  // At least one letter has to be right.
  const limit = Math.min(tolerated, given.length - 1, best.length - 1);
  return bestEdits <= limit ? best : undefined;
}

/** As `nearest`, but for names that may well belong to somebody else: one slip only, two in a long name. */
export function nearMiss(given: string, known: Iterable<string>): string | undefined {
  for (const candidate of known) {
    const edits = isAnagram(given, candidate) ? 1 : distance(plain(given), plain(candidate));
    if (edits <= (candidate.length > 8 ? 2 : 1)) return candidate;
  }
  return undefined;
}

function editsBetween(given: string, candidate: string): number {
  const [a, b] = [plain(given), plain(candidate)];
  // `MaxInflight` is far from `MaxInflightInvocations` by edits, and yet what was meant.
  if (a.length >= 4 && b.startsWith(a)) return 1;
  return isAnagram(a, b) ? 1 : distance(a, b);
}

// Swapped letters are one slip, though two edits.
function isAnagram(a: string, b: string): boolean {
  return a.length === b.length && [...a].toSorted().join('') === [...b].toSorted().join('');
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
