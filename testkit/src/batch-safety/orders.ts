/** Every item first with every other one. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first) =>
    items.filter((second) => second !== first).map((second): [T, T] => [first, second]),
  );
}

/** The order given, its reverse, and shuffled ones; the same for the same number of items. */
export function ordersOf<T>(items: readonly T[], runs: number): T[][] {
  const orders = [[...items], items.toReversed()];
  const random = generator(items.length);
  while (orders.length < runs) orders.push(shuffled(items, random));
  return orders.slice(0, runs);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Numerical Recipes' linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
