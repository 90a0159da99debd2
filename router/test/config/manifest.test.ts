import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/config/manifest.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { MAX_ALIASED_NODES } from '../../src/config/yaml-tree.ts';
import { ARN, MINIMAL, problemsOf } from './manifests.ts';

const valueOf = (text: string) => parseManifest(text, 'm.yaml').value;
const errorsOf = (text: string) => problemsOf(text, 'm.yaml');

describe('manifest', () => {
  test('JSON is read with its tabs, escapes and positions', () => {
    const text = '{\n\t"a": "\\ud83d\\ude00\\/",\n\t"b": [1, {"c": null}]\n}';
    const manifest = parseManifest(text, 'm.json');
    expect(manifest.value).toEqual({ a: '😀/', b: [1, { c: null }] });
    expect(manifest.locate(['b', 1, 'c'])).toEqual({ line: 3, column: 17 });
    expect(manifest.locate(['b', 1, 'c'], 'key')).toEqual({ line: 3, column: 12 });
  });

  test('any JSON text means what JSON.parse says it means', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }),
        fc.constantFrom(undefined, 2),
        (value, indent) => {
          const text = JSON.stringify(value, undefined, indent);
          fc.pre(!text.includes('"__proto__"'));
          expect(JSON.stringify(valueOf(text))).toBe(JSON.stringify(JSON.parse(text)));
        },
      ),
    );
  });

  test('CRLF, a byte order mark and comments are no obstacle', () => {
    const manifest = parseManifest('\uFEFF# hello\r\na: 1\r\nb:\r\n  c: 2\r\n', 'm.yaml');
    expect(manifest.value).toEqual({ a: 1, b: { c: 2 } });
    expect(manifest.locate(['b', 'c'])).toEqual({ line: 4, column: 6 });
  });

  test('what is missing is located at what is around it', () => {
    const manifest = parseManifest('a:\n  b: { c: 1 }\nd:\n  - e: 1\n', 'm.yaml');
    expect(manifest.locate(['a', 'b', 'x'])).toEqual({ line: 2, column: 3 });
    expect(manifest.locate(['d', 0, 'x', 'y'])).toEqual({ line: 4, column: 5 });
    expect(manifest.locate(['d', 5])).toEqual({ line: 3, column: 1 });
    expect(manifest.locate(['x'])).toEqual({ line: 1, column: 1 });
  });

  test('the first syntax error of every line is reported', () => {
    expect(errorsOf('a: "x\nb: {')).toEqual([
      expect.stringMatching(/^m\.yaml:\d+:\d+: syntax: expected /),
    ]);
    expect(errorsOf(' a: 1\nb: 2\n')).toEqual([
      'm.yaml:2:1: syntax: expected YAML or JSON, got unexpected scalar at node end',
    ]);
    expect(errorsOf('a: b: c\nd: e: f\n')).toHaveLength(2);
  });

  test('documents and tags that would be dropped in silence are refused', () => {
    expect(errorsOf('a: 1\n---\nb: 2\n')).toEqual([
      'm.yaml:2:1: syntax: expected one document, got another one',
    ]);
    expect(errorsOf('a: !Sub hello-${Stage}\n')).toEqual([
      'm.yaml:1:4: syntax: expected values without tags of other programs, got unresolved tag: !Sub',
    ]);
  });

  test('a key that comes twice is reported with its path beside all other problems', () => {
    const text = MINIMAL.replace('maxWaitMs: 10,', 'maxWaitMs: 10, maxWaitMs: 9999,');
    expect(errorsOf(`MaxBodyBytes: x\n${text}`)).toEqual([
      'm.yaml:1:15: MaxBodyBytes: expected an integer >= 1, got `x` (string)',
      'm.yaml:8:33: Spec.paths./hello.get.x-lpr.maxWaitMs: expected each key once, got `maxWaitMs` again',
    ]);
  });

  test('keys that differ only in how they are written are the same key', () => {
    expect(errorsOf('1: a\n"1": b\n')).toContain(
      'm.yaml:2:1: 1: expected each key once, got `1` again',
    );
  });

  test('keys that are no texts are refused', () => {
    expect(errorsOf(`${MINIMAL}? [a, b]\n: 1\n`)).toEqual([
      'm.yaml:8:3: ?: expected a text as key, got something else',
    ]);
    expect(valueOf('1: a\ntrue: b\nnull: c\n')).toEqual({ 1: 'a', true: 'b', null: 'c' });
  });

  test('__proto__ is refused and touches nothing', () => {
    expect(errorsOf(`${MINIMAL}__proto__: { polluted: true }\n`)).toEqual([
      'm.yaml:8:1: __proto__: expected another key, got `__proto__`',
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  test('a merge of nothing at all is refused like any other that is no mapping', () => {
    expect(errorsOf('? <<')).toEqual([
      'm.yaml:1:3: <<: expected a mapping, or a list of mappings, to merge, got something else',
    ]);
  });

  test('deep nesting ends in one line', () => {
    expect(errorsOf('['.repeat(20_000))).toEqual([
      expect.stringMatching(/syntax: expected at most a few hundred levels of nesting, got more$/),
    ]);
  });

  test('no text makes it throw anything but a ConfigError', () => {
    const fragment = fc.constantFrom(
      ...': - [ ] { } & * ! | > \' " # % @ ` , ? << a 1 \n \t --- ... *a &a <<:'.split(' '),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(fragment).map((all) => all.join(' ')),
    );
    const attempt = (input: string) => {
      try {
        return parseManifest(input, 'm.yaml').file;
      } catch (error) {
        return error instanceof ConfigError ? 'm.yaml' : error;
      }
    };
    fc.assert(
      fc.property(text, (input) => {
        expect(attempt(input)).toBe('m.yaml');
      }),
      { numRuns: 500 },
    );
  });
});

describe('anchors and aliases', () => {
  test('an alias is what its anchor is, and a merge gives way to own keys and earlier merges', () => {
    const text = `
base: &base { a: 1, b: 2 }
more: &more { b: 3, c: 3 }
alias: *base
merged: { <<: *base, b: 4 }
both: { <<: [*base, *more] }
after: { c: 5, <<: *more }
again: &base 7
last: *base
quoted: { "<<": 1 }
`;
    expect(valueOf(text)).toMatchObject({
      alias: { a: 1, b: 2 },
      merged: { a: 1, b: 4 },
      both: { a: 1, b: 2, c: 3 },
      after: { b: 3, c: 5 },
      last: 7,
      quoted: { '<<': 1 },
    });
  });

  test('a problem behind an alias or a merge is located where it is written', () => {
    const text = `ListenAddr: 127.0.0.1:3000
Emulator:
  lpr: &lpr
    maxWaitMs: -1
    maxBatchSize: 4
Spec:
  paths:
    /a:
      get: { x-target-lambda: ${ARN}, x-lpr: *lpr }
      post: { x-target-lambda: ${ARN}, x-lpr: { <<: *lpr, maxBatchSize: 0 } }
`;
    expect(errorsOf(text).map((line) => line.split(': expected')[0])).toEqual([
      'm.yaml:4:16: Spec.paths./a.get.x-lpr.maxWaitMs',
      'm.yaml:4:16: Spec.paths./a.post.x-lpr.maxWaitMs',
      expect.stringMatching(/^m\.yaml:10:\d+: Spec\.paths\.\/a\.post\.x-lpr\.maxBatchSize$/),
    ]);
  });

  test('keys can be anchors and aliases, too', () => {
    const manifest = parseManifest('&a x: *a\ny: { *a : 1 }\n', 'm.yaml');
    expect(manifest.value).toEqual({ x: 'x', y: { x: 1 } });
    expect(manifest.locate(['y', 'x'])).toEqual({ line: 2, column: 11 });
  });

  test.each([
    ['a: *b', 'm.yaml:1:4: a: expected an anchor before its alias, got `*b`'],
    ['a: &a [*a]', 'm.yaml:1:8: a[0]: expected no anchor inside itself, got `*a`'],
    ['a: &a { <<: *a }', 'm.yaml:1:13: a.<<: expected no anchor inside itself, got `*a`'],
    [
      '<<: 3',
      'm.yaml:1:5: <<: expected a mapping, or a list of mappings, to merge, got something else',
    ],
  ])('%s is refused', (text, problem) => {
    expect(errorsOf(text)[0]).toBe(problem);
  });

  test('aliases of aliases cannot multiply without end', () => {
    const levels = [...'abcdefghijklmnopqrstuvwxyz'];
    const lines = levels.map((name, index) => {
      const inner = index === 0 ? '0' : `*${levels[index - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
    });
    expect(errorsOf(lines.join('\n'))).toEqual([
      expect.stringContaining(
        `expected aliases that stand for at most ${MAX_ALIASED_NODES} nodes, got more`,
      ),
    ]);
    const merging = lines.map((line) => line.replace('[', '{ k: [').replace(/\]$/, '] }'));
    expect(errorsOf(merging.join('\n'))).toHaveLength(1);
  });

  test('a thousand operations may share one setting', () => {
    const paths = Array.from(
      { length: 1000 },
      (_, index) => `    /p${index}: { get: { x-target-lambda: ${ARN}, x-lpr: *lpr } }\n`,
    );
    const text = `ListenAddr: 127.0.0.1:0
Emulator: &lpr { maxWaitMs: 1, maxBatchSize: 2 }
Spec:
  paths:
${paths.join('')}`;
    expect(errorsOf(text)).toEqual([]);
  });
});
