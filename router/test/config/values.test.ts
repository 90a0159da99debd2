import { describe, expect, test } from 'vitest';
import { MINIMAL, problemsOf, withLpr } from './manifests.ts';

const refusals = (text: string) => problemsOf(text).map((line) => line.replace(/^\S+ /, ''));
const setting = (line: string) => refusals(`${line}\n${MINIMAL}`);
const listen = (value: string) => refusals(MINIMAL.replace('127.0.0.1:3000', `'${value}'`));

describe('values of a manifest', () => {
  test.each(['0.0.0.0:80', '127.0.0.1:0', '[::1]:3000', '[::]:65535'])(
    '%s is an address',
    (value) => {
      expect(listen(value)).toEqual([]);
    },
  );

  test.each([
    ['127.0.0.1', undefined],
    ['127.0.0.1:', undefined],
    ['127.0.0.1:65536', undefined],
    ['256.0.0.1:80', undefined],
    ['[::1]', undefined],
    ['[127.0.0.1]:80', undefined],
    ['example.org:80', undefined],
    ['localhost:80', '127.0.0.1:80'],
    [':3000', '0.0.0.0:3000'],
    ['*:3000', '0.0.0.0:3000'],
    ['3000', '0.0.0.0:3000'],
    ['::1:3000', '[::1]:3000'],
  ])('%s is none', (value, meant) => {
    const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
    expect(listen(value)).toEqual([
      `ListenAddr: expected \`IP:port\` or \`[IPv6]:port\`, got \`${value}\` (string)${hint}`,
    ]);
  });

  test('an IPv6 address without the quotes that YAML wants is told so', () => {
    expect(refusals(MINIMAL.replace('127.0.0.1:3000', '[::1]:3000'))).toEqual([
      "syntax: expected quotes: `'[::1]:3000'`, got none",
    ]);
  });

  test.each([
    ['0', '`0` (number)'],
    ['1.5', '`1.5` (number)'],
    ["'12a'", '`12a` (string)'],
    ["''", '`` (string)'],
    ["' 1'", '` 1` (string)'],
    ['.nan', '`NaN` (number)'],
    ['.inf', '`Infinity` (number)'],
    ['1e400', '`Infinity` (number)'],
    ['true', '`true` (boolean)'],
    ['', '`null`'],
    ['[1]', 'a list'],
    ['{ a: 1 }', 'a mapping'],
  ])('%s is no number of invocations', (value, got) => {
    expect(setting(`MaxInflightInvocations: ${value}`)).toEqual([
      `MaxInflightInvocations: expected an integer >= 1, got ${got}`,
    ]);
  });

  test('a time that no timer can wait for is refused', () => {
    expect(setting('DefaultTimeoutMs: 2147483648')).toEqual([
      'DefaultTimeoutMs: expected an integer <= 2147483647, got `2147483648` (number)',
    ]);
  });

  test.each(['mars', 'EU-WEST-1', ''])('%j is no region', (value) => {
    expect(setting(`AwsRegion: '${value}'`)).toEqual([
      `AwsRegion: expected an AWS region such as \`eu-west-1\`, got \`${value}\` (string)`,
    ]);
  });

  test('names of headers are checked one by one', () => {
    expect(setting(`ForwardHeaders: { Allow: [ok, 'a b', '*'], Deny: cookie }`)).toEqual([
      'ForwardHeaders.Allow[1]: expected a header name, got `a b` (string)',
      'ForwardHeaders.Allow[2]: expected a header name, got `*` (string)',
      'ForwardHeaders.Deny: expected a list, got `cookie` (string)',
    ]);
  });

  test.each([
    ['heder:x', '`heder:x` (string); did you mean `header:x`?'],
    ["'query:'", '`query:` (string)'],
    ["'header:a b'", '`header:a b` (string)'],
    ["'header: a'", '`header: a` (string); did you mean `header:a`?'],
    ['metod', '`metod` (string); did you mean `method`?'],
    ['x-tenant', '`x-tenant` (string)'],
    ['header: a', 'a mapping'],
  ])('%s is no part of a batch key', (value, got) => {
    expect(refusals(withLpr(`{ maxWaitMs: 1, maxBatchSize: 1, key: [ ${value} ] }`))).toEqual([
      expect.stringContaining(`expected \`header:<name>\` or \`query:<name>\`, got ${got}`),
    ]);
  });

  test.each(['[header:a, header:A]', '[query:a, header:a, query:a]', '[method, method]'])(
    'a dimension that comes twice is refused where it comes again: %s',
    (key) => {
      const last = key.split(',').length - 1;
      expect(refusals(withLpr(`{ maxWaitMs: 1, maxBatchSize: 1, key: ${key} }`))).toEqual([
        expect.stringContaining(`x-lpr.key[${last}]: expected each dimension once, got `),
      ]);
    },
  );

  test.each(['[query:a, query:A]', '[header:a, query:a]'])('%s are two dimensions', (key) => {
    expect(refusals(withLpr(`{ maxWaitMs: 1, maxBatchSize: 1, key: ${key} }`))).toEqual([]);
  });
});

describe('windows and timeouts', () => {
  test.each([
    ['{ maxWaitMs: 99, maxBatchSize: 1, timeoutMs: 100 }', ''],
    ['{ maxWaitMs: 1999, maxBatchSize: 1 }', ''],
    ['{ maxWaitMs: 2000, maxBatchSize: 1, timeoutMs: 2001 }', 'DefaultTimeoutMs: 5\n'],
    ['{ maxWaitMs: 2000, maxBatchSize: 1 }', 'DefaultTimeoutMs: "2001"\n'],
  ])('%s is fine', (lpr, settings) => {
    expect(refusals(withLpr(lpr, settings))).toEqual([]);
  });

  test.each([
    [
      '{ maxWaitMs: 100, maxBatchSize: 1, timeoutMs: 100 }',
      '',
      '`timeoutMs` (100)',
      '`100` (number)',
    ],
    ['{ maxWaitMs: 2000, maxBatchSize: 1 }', '', '`DefaultTimeoutMs` (2000)', '`2000` (number)'],
    [
      '{ maxWaitMs: "9", maxBatchSize: 1 }',
      'DefaultTimeoutMs: 5\n',
      '`DefaultTimeoutMs` (5)',
      '`9` (string)',
    ],
  ])('%s waits too long', (lpr, settings, limit, got) => {
    expect(refusals(withLpr(lpr, settings))).toEqual([
      `Spec.paths./hello.get.x-lpr.maxWaitMs: expected less than ${limit}, got ${got}`,
    ]);
  });

  test('a default that is itself wrong is not held against the window', () => {
    expect(
      refusals(withLpr('{ maxWaitMs: 3000, maxBatchSize: 1 }', 'DefaultTimeoutMs: soon\n')),
    ).toEqual(['DefaultTimeoutMs: expected an integer >= 1, got `soon` (string)']);
  });
});
