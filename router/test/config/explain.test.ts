import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkPart } from '../../src/config/explain.ts';
import { section } from '../../src/config/fields.ts';
import { manifestFromObject, parseManifest } from '../../src/config/manifest.ts';
import { formatProblem } from '../../src/config/problem.ts';

const functions = section({
  Functions: z.record(
    z.string(),
    section({
      Handler: z.string().min(1),
      Timeout: z.number().min(1).max(900).optional(),
      Memory: z.int().optional(),
      Mode: z.enum(['module', 'layer']).optional(),
      Alias: z.array(z.string()).max(0).optional(),
      Names: z.array(z.string()).min(2).optional(),
      Warm: z.boolean().optional(),
    }),
  ),
});

const linesOf = (text: string) =>
  checkPart(parseManifest(text, 'm.yaml'), functions, ['Emulator']).problems.map(formatProblem);

describe('checking a part of a manifest', () => {
  test('a part that fits is returned as the schema makes it', () => {
    const manifest = manifestFromObject({ Emulator: { Functions: { a: { Handler: 'a.b' } } } });
    expect(checkPart(manifest, functions, ['Emulator'])).toEqual({
      value: { Functions: { a: { Handler: 'a.b' } } },
      problems: [],
    });
  });

  test('a schema needs no words of its own', () => {
    const text = `Emulator:
  Functions:
    hello:
      Handlr: 1
      Timeout: 901
      Memory: 1.5
      Mode: layr
      Names: [1]
      Alias: [b]
      Warm: maybe
    other: { Handler: '' }
`;
    expect(linesOf(text)).toEqual([
      'm.yaml:4:7: Emulator.Functions.hello.Handlr: expected a known key, got `Handlr`; did you mean `Handler`?',
      'm.yaml:5:16: Emulator.Functions.hello.Timeout: expected a number <= 900, got `901` (number)',
      'm.yaml:6:15: Emulator.Functions.hello.Memory: expected an integer, got `1.5` (number)',
      'm.yaml:7:13: Emulator.Functions.hello.Mode: expected `module` or `layer`, got `layr` (string); did you mean `layer`?',
      'm.yaml:8:14: Emulator.Functions.hello.Names: expected at least 2 items, got a list',
      'm.yaml:8:15: Emulator.Functions.hello.Names[0]: expected a text, got `1` (number)',
      'm.yaml:9:14: Emulator.Functions.hello.Alias: expected at most 0 items, got a list',
      'm.yaml:10:13: Emulator.Functions.hello.Warm: expected `true` or `false`, got `maybe` (string)',
      'm.yaml:11:23: Emulator.Functions.other.Handler: expected at least 1 characters, got `` (string)',
    ]);
  });

  test('a part that is missing is looked for where it should be', () => {
    expect(linesOf('A: 1\n')).toEqual(['m.yaml:1:1: Emulator: expected a mapping, got nothing']);
  });

  test("zod's own strict objects are explained, too", () => {
    const strict = z.strictObject({ a: z.string(), list: z.array(z.int()).max(1).optional() });
    const manifest = parseManifest('a: x\nb: 1\nlist: [1, 2]\n', 'm.yaml');
    expect(checkPart(manifest, strict).problems.map(formatProblem)).toEqual([
      'm.yaml:2:1: b: expected one of `a` or `list`, got `b`',
      'm.yaml:3:7: list: expected at most 1 items, got a list',
    ]);
  });

  test('a dot inside a key does not hide another problem', () => {
    const schema = z.object({ 'a.b': z.string(), a: z.object({ b: z.string() }) });
    const problems = checkPart(manifestFromObject({ 'a.b': 1, a: { b: 2 } }), schema).problems;
    expect(problems.map(({ key, got }) => [key, got])).toEqual([
      ['a.b', '`1` (number)'],
      ['a.b', '`2` (number)'],
    ]);
  });
});
