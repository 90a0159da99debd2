/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('Expected at least one value, got none');
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]!) / 2;
}
