/**
 * The mean number of requests in a batch whose window opens with its first request, for arrivals of
 * independent clients: one, and those that come within the window, up to the most a batch takes.
 *
 * @param rate arrivals a second that may share a batch: of one route and key, at one router instance
 */
export function meanBatchSize(rate: number, maxWaitMs: number, maxBatchSize: number): number {
  const expected = (rate * maxWaitMs) / 1000;
  // The sum below needs e^-expected; from here on the cap hides every difference.
  if (expected > 500) return Math.min(maxBatchSize, 1 + expected);
  // The mean of min(max, 1 + N) is the sum of P(1 + N >= size); N is Poisson distributed.
  let mean = 0;
  let probability = Math.exp(-expected);
  let atLeast = 1;
  for (let size = 1; size <= maxBatchSize && atLeast > 0; size += 1) {
    mean += atLeast;
    atLeast -= probability;
    probability *= expected / size;
  }
  return mean;
}
