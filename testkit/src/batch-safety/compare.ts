import { isDeepStrictEqual } from 'node:util';
import type { Observation, RunResult } from './run-events.ts';

/** Where a run was not like the run before it. */
export interface Finding {
  /** The request; undefined for the state of the module. */
  readonly id: string | undefined;
  /** `body.user`, `log lines with its id`, `module state`. */
  readonly path: string;
  readonly alone: unknown;
  readonly batched: unknown;
}

/** What differs; places in `unstable` differ by themselves and are passed over. */
export function findings(
  alone: RunResult,
  batched: RunResult,
  unstable: ReadonlySet<string> = new Set(),
): Finding[] {
  const found: Finding[] = [];
  for (const [id, observation] of batched.observations) {
    const wanted = alone.observations.get(id);
    if (wanted) found.push(...compare(id, wanted, observation));
  }
  if (alone.state !== batched.state) {
    found.push({ id: undefined, path: 'module state', alone: alone.state, batched: batched.state });
  }
  return found.filter((finding) => !unstable.has(place(finding)));
}

/** Names a finding's place, so that it can be passed over. */
export function place({ id, path }: Finding): string {
  return `${id ?? ''} ${path}`;
}

function compare(id: string, alone: Observation, batched: Observation): Finding[] {
  const found = walk(alone.answer, batched.answer, '').map(({ path, ...values }) => ({
    id,
    path: path === '' ? 'answer' : path,
    ...values,
  }));
  if (alone.logLines === batched.logLines) return found;
  const path = 'log lines with its id';
  return [...found, { id, path, alone: alone.logLines, batched: batched.logLines }];
}

function walk(
  alone: unknown,
  batched: unknown,
  path: string,
): { path: string; alone: unknown; batched: unknown }[] {
  if (isDeepStrictEqual(alone, batched)) return [];
  if (!isPlain(alone) || !isPlain(batched)) return [{ path, alone, batched }];
  const keys = new Set([...Object.keys(alone), ...Object.keys(batched)]);
  return [...keys].flatMap((key) =>
    walk(alone[key], batched[key], path === '' ? key : `${path}.${key}`),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
