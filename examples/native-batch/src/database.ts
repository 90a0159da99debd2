import { setTimeout as sleep } from 'node:timers/promises';

export interface User {
  readonly id: string;
  readonly name: string;
  /** How many users the query that found this one has looked up. */
  readonly foundWith: number;
}

const NAMES = new Map([
  ['1', 'Ada'],
  ['2', 'Grace'],
  ['3', 'Barbara'],
  ['4', 'Frances'],
]);

/** Stands for `select … where id in (…)`. */
export async function findUsers(ids: readonly string[]): Promise<Map<string, User>> {
  await sleep(20);
  const found = ids.flatMap((id) => {
    const name = NAMES.get(id);
    return name === undefined ? [] : [[id, { id, name, foundWith: ids.length }] as const];
  });
  return new Map(found);
}
