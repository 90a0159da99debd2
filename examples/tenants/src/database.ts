import { setTimeout as sleep } from 'node:timers/promises';

const ORDERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  acme: { ada: ['anvil', 'rocket'], grace: ['magnet'] },
  umbrella: { ada: ['umbrella'] },
};

/** Stands for `set search_path to <tenant>; select … where customer in (…)`. */
export async function findOrders(
  tenant: string,
  customers: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  await sleep(20);
  return new Map(customers.map((customer) => [customer, ORDERS[tenant]?.[customer] ?? []]));
}
