/**
 * Cuts text or bytes: a number cuts every so many bytes, a list at these offsets. Where an offset is given twice,
 * or at an end, there is an empty piece, as some transports deliver them.
 */
export function chunked(
  content: string | Uint8Array,
  cuts: number | readonly number[],
): Uint8Array[] {
  const bytes = Buffer.from(content);
  const offsets =
    typeof cuts === 'number' ? everyMultiple(cuts, bytes.length) : within(cuts, bytes.length);
  const ends = [...offsets, bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** Every way to cut text or bytes in two, the pieces never empty: inside characters and escapes, too. */
export function* everySplit(content: string | Uint8Array): Generator<[Uint8Array, Uint8Array]> {
  const bytes = Buffer.from(content);
  for (let at = 1; at < bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

function everyMultiple(size: number, length: number): number[] {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`Expected \`cuts\` to be an integer >= 1 or a list, got \`${size}\``);
  }
  return Array.from(
    { length: Math.max(0, Math.ceil(length / size) - 1) },
    (_, i) => (i + 1) * size,
  );
}

function within(cuts: readonly number[], length: number): number[] {
  for (const cut of cuts) {
    if (!Number.isSafeInteger(cut) || cut < 0 || cut > length) {
      throw new RangeError(`Expected \`cuts\` to be offsets 0–${length}, got \`${cut}\``);
    }
  }
  return cuts.toSorted(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}
