import type { ConfigProblem, Position } from './problem.ts';

/** A configuration as it was written, before any of it is checked against a schema. */
export interface Manifest {
  /** For messages, and the base of relative paths when it names a file. */
  readonly file: string;
  /** Plain JSON-like values. */
  readonly value: unknown;
  /** What the text itself makes wrong without making it unreadable, such as a key written twice. */
  readonly problems: readonly ConfigProblem[];
  /** Where a value, or with `key` its name, is written; of what is missing, the nearest thing around it. `undefined` without a text. */
  locate(path: readonly PropertyKey[], part?: 'key' | 'value'): Position | undefined;
}

/** Reads YAML or JSON; throws a `ConfigError` that lists every syntax error. */
export declare function parseManifest(text: string, file: string): Manifest;

/** Wraps a configuration that was never text; its problems name `file` and carry no position. */
export declare function manifestFromObject(value: unknown, file?: string): Manifest;
