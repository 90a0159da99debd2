import { readFileSync } from 'node:fs';

/** One golden vector; what `input` and `expected` hold is written in fixtures/README.md. */
export interface FixtureCase<Input, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** Fixtures are parsed, not imported: a bundler would turn the name `__proto__` into a prototype. */
export function readFixture<Case extends FixtureCase<unknown, unknown>>(file: string): Case[] {
  const text = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: Case[] }).cases;
}
