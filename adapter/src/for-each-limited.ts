/**
 * Calls `run` once for each value, in order, with at most `limit` calls unfinished at any time.
 * The first `limit` calls begin before it returns. Resolves when all have; `run` must not reject.
 */
export async function forEachLimited<T>(
  values: readonly T[],
  limit: number,
  run: (value: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = values.entries();
  const lane = async (): Promise<void> => {
    for (const [index, value] of entries) {
      await run(value, index);
    }
  };
  const lanes: Promise<void>[] = [];
  for (let count = Math.min(limit, values.length); count > 0; count -= 1) {
    lanes.push(lane());
  }
  await Promise.all(lanes);
}
