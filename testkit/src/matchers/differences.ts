import { isAsymmetric, show } from './wording.ts';

/** A value that is wanted, or something like `expect.any(Number)` that judges it. */
export type Wanted<T> = T | { asymmetricMatch(other: unknown): boolean };

/** Where a value is not what was wanted. */
export interface Difference {
  /** `headers.content-type`; `''` for the value itself. */
  readonly path: string;
  readonly wanted: unknown;
  readonly got: unknown;
}

/**
 * Where `got` does not have what `wanted` asks for, as `toMatchObject` compares: objects may have more fields,
 * arrays have the same length, an `undefined` field has to be absent.
 */
export function differences(got: unknown, wanted: unknown, path = ''): Difference[] {
  if (isAsymmetric(wanted)) {
    return wanted.asymmetricMatch(got) ? [] : [{ path, wanted, got }];
  }
  if (wanted instanceof Uint8Array) {
    const same = got instanceof Uint8Array && Buffer.from(wanted).equals(got);
    return same ? [] : [{ path, wanted, got }];
  }
  if (typeof wanted !== 'object' || wanted === null) {
    return Object.is(got, wanted) ? [] : [{ path, wanted, got }];
  }
  const isArray = Array.isArray(wanted);
  if (typeof got !== 'object' || got === null || isArray !== Array.isArray(got)) {
    return [{ path, wanted, got }];
  }
  if (isArray && wanted.length !== (got as unknown[]).length) return [{ path, wanted, got }];
  return Object.entries(wanted).flatMap(([key, value]) =>
    differences((got as Record<string, unknown>)[key], value, path === '' ? key : `${path}.${key}`),
  );
}

/** Rows of a table that says, for each difference, what was wanted and what was there. */
export function differenceRows(found: readonly Difference[]): string[][] {
  return found.map(({ path, wanted, got }) => [
    path === '' ? 'the value' : `\`${path}\``,
    `wanted ${show(wanted)},`,
    `got ${show(got)}`,
  ]);
}

/** The part of `got` that `wanted` speaks of, so that a diff shows nothing else. */
export function onlyWanted(got: unknown, wanted: unknown): unknown {
  if (isAsymmetric(wanted) || !isPlain(wanted) || !isPlain(got)) return got;
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([key]) => key in got)
      .map(([key, value]) => [key, onlyWanted(got[key], value)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
