import { describe, expect, test } from 'vitest';
import { compileConfig } from '../../src/config/load.ts';
import { manifestFromObject, parseManifest } from '../../src/config/manifest.ts';
import { MINIMAL, problemsOf, withLpr } from './manifests.ts';

const refusals = (text: string) => problemsOf(text).map((line) => line.replace(/^\S+ /, ''));
const compiled = (lpr: string) => {
  const config = compileConfig(parseManifest(withLpr(lpr), 'router.yaml'));
  return config.operations[0]!;
};

describe('dynamic windows', () => {
  test.each(['0', '10', "'10'"])('the least window may be %s of 10', (least) => {
    const lpr = `{ maxWaitMs: 10, maxBatchSize: 4, dynamicWait: { minWaitMs: ${least} } }`;
    expect(refusals(withLpr(lpr))).toEqual([]);
  });

  test('what is not said about one has its default', () => {
    expect(
      compiled('{ maxWaitMs: 10, maxBatchSize: 4, dynamicWait: { minWaitMs: 1 } }').dynamicWait,
    ).toEqual({
      minWaitMs: 1,
      targetRps: 50,
      steepness: 0.01,
      samplingIntervalMs: 100,
      smoothingSamples: 10,
    });
  });

  test('the least window is not longer than the longest, nor left out', () => {
    const at = 'Spec.paths./hello.get.x-lpr.dynamicWait.minWaitMs';
    expect(
      refusals(withLpr('{ maxWaitMs: "10", maxBatchSize: 4, dynamicWait: { minWaitMs: 11 } }')),
    ).toEqual([`${at}: expected at most \`maxWaitMs\` (10), got \`11\` (number)`]);
    expect(refusals(withLpr('{ maxWaitMs: 10, maxBatchSize: 4, dynamicWait: {} }'))).toEqual([
      `${at}: expected an integer >= 0, got nothing`,
    ]);
  });

  test.each([
    ['targetRps: 0', 'a number > 0, got `0` (number)'],
    ['targetRps: 1e2x', 'a number > 0, got `1e2x` (string)'],
    ["steepness: '-0.1'", 'a number > 0, got `-0.1` (string)'],
    ['samplingIntervalMs: 0', 'an integer >= 1, got `0` (number)'],
    ['smoothingSamples: 0.5', 'an integer >= 1, got `0.5` (number)'],
  ])('%s is refused', (field, message) => {
    const lpr = `{ maxWaitMs: 10, maxBatchSize: 4, dynamicWait: { minWaitMs: 1, ${field} } }`;
    expect(refusals(withLpr(lpr))).toEqual([expect.stringContaining(`: expected ${message}`)]);
  });
});

describe('payload format', () => {
  test('a single request is an invocation, whatever the size of batches', () => {
    const single = compiled('{ maxWaitMs: 10, maxBatchSize: 4, payloadFormat: single }');
    expect(single).toMatchObject({ payloadFormat: 'single', maxBatchSize: 1 });
  });
});

describe('tenant', () => {
  test('its header is part of the key once, however it is written', () => {
    const lpr = (key: string) => `{ maxWaitMs: 1, maxBatchSize: 4, tenantId: header:X-T, ${key} }`;
    const key = [{ source: 'header', name: 'x-t' }];
    expect(compiled(lpr('key: []'))).toMatchObject({ tenantHeader: 'x-t', key });
    expect(compiled(lpr('key: [header:x-T]'))).toMatchObject({ tenantHeader: 'x-t', key });
  });

  test.each([
    ['x-tenant', '; did you mean `header:x-tenant`?'],
    ['query:tenant', '; did you mean `header:tenant`?'],
    ['method', '; did you mean `header:method`?'],
    ["'header:'", ''],
  ])('%s is none', (value, hint) => {
    expect(refusals(withLpr(`{ maxWaitMs: 1, maxBatchSize: 4, tenantId: ${value} }`))).toEqual([
      `Spec.paths./hello.get.x-lpr.tenantId: expected \`header:<name>\`, got \`${value.replaceAll("'", '')}\` (string)${hint}`,
    ]);
  });
});

describe('management paths', () => {
  test.each(['/healthz', '/readyz', '/metrics'])('%s is taken', (path) => {
    expect(problemsOf(MINIMAL.replace('/hello', path))).toEqual([
      `router.yaml:4:5: Spec.paths.${path}: expected another path (or \`AdminAddr\`): the router answers this one itself, got \`${path}\``,
    ]);
  });

  test('they are free where management has its own address', () => {
    const text = `AdminAddr: 127.0.0.1:3001\n${MINIMAL.replace('/hello', '/healthz')}`;
    expect(refusals(text)).toEqual([]);
  });

  test.each(['/healthz/', '/{any}', '/{any+}', '/Healthz'])('%s is another path', (path) => {
    expect(refusals(MINIMAL.replace('/hello', path))).toEqual([]);
  });
});

describe('addresses', () => {
  const both = (listen: string, admin: string) =>
    refusals(`AdminAddr: '${admin}'\n${MINIMAL.replace('127.0.0.1:3000', `'${listen}'`)}`);

  test.each([
    ['127.0.0.1:3000', '127.0.0.1:3000'],
    ['0.0.0.0:3000', '127.0.0.1:3000'],
    ['127.0.0.1:3000', '0.0.0.0:3000'],
    ['[::]:3000', '127.0.0.1:3000'],
    ['[::1]:3000', '[0:0:0:0:0:0:0:1]:3000'],
    ['[fe80::1%eth0]:3000', '[fe80:0::1%eth0]:3000'],
  ])('%s and %s collide', (listen, admin) => {
    expect(both(listen, admin)).toEqual([
      `AdminAddr: expected an address that does not collide with \`ListenAddr\`, got \`${admin}\` (string)`,
    ]);
  });

  test.each([
    ['127.0.0.1:3000', '127.0.0.1:3001'],
    ['127.0.0.1:3000', '127.0.0.2:3000'],
    ['127.0.0.1:0', '127.0.0.1:0'],
    ['0.0.0.0:3000', '[::1]:3000'],
    ['[fe80::1%eth0]:3000', '[fe80::1%eth1]:3000'],
  ])('%s and %s do not', (listen, admin) => {
    expect(both(listen, admin)).toEqual([]);
  });

  test('an address that is none is told so once', () => {
    expect(both('127.0.0.1:3000', 'here')).toEqual([
      'AdminAddr: expected `IP:port` or `[IPv6]:port`, got `here` (string)',
    ]);
  });
});

describe('trusted proxies', () => {
  const compile = (value: unknown) =>
    compileConfig(
      manifestFromObject({
        ListenAddr: '127.0.0.1:0',
        TrustedProxies: value,
        Spec: { paths: {} },
      }),
    ).trustedProxies;
  const setting = (value: string) => refusals(`TrustedProxies: ${value}\n${MINIMAL}`);

  test.each([[0], ['0'], [[]], [undefined]])('%j trusts nobody', (value) => {
    expect(compile(value)).toEqual({ type: 'none' });
  });

  test('a number counts proxies', () => {
    expect(compile('2')).toEqual({ type: 'hops', hops: 2 });
  });

  test('networks hold their addresses and no others', () => {
    const proxies = compile(['10.1.2.3/8', '192.0.2.7', 'fd00::/8']);
    const holds = (address: string, family: 'ipv4' | 'ipv6') =>
      proxies.type === 'networks' && proxies.blockList.check(address, family);
    expect(holds('10.255.0.1', 'ipv4')).toBe(true);
    expect(holds('::ffff:10.0.0.1', 'ipv6')).toBe(true);
    expect(holds('11.0.0.1', 'ipv4')).toBe(false);
    expect(holds('192.0.2.7', 'ipv4')).toBe(true);
    expect(holds('192.0.2.8', 'ipv4')).toBe(false);
    expect(holds('fdff::1', 'ipv6')).toBe(true);
    expect(holds('fe00::1', 'ipv6')).toBe(false);
  });

  test('everybody may be trusted', () => {
    const proxies = compile(['0.0.0.0/0', '::/0']);
    expect(proxies).toMatchObject({ type: 'networks' });
    expect(proxies.type === 'networks' && proxies.blockList.check('203.0.113.9')).toBe(true);
  });

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::/129', 'proxy.local', 'fe80::1%eth0', ''])(
    '%j is no network',
    (value) => {
      expect(setting(`['10.0.0.0/8', '${value}']`)).toEqual([
        `TrustedProxies[1]: expected a network such as \`10.0.0.0/8\`, or an IP address, got \`${value}\` (string)`,
      ]);
    },
  );

  test('an element that is no text is told where it stands', () => {
    expect(setting('[10.0.0.0/8, 5]')).toEqual([
      'TrustedProxies[1]: expected a network such as `10.0.0.0/8`, or an IP address, got `5` (number)',
    ]);
  });

  test('there is no negative number of proxies', () => {
    expect(setting('-1')).toEqual(['TrustedProxies: expected an integer >= 0, got `-1` (number)']);
  });

  test.each([
    ['true', '`true` (boolean)'],
    ['10.0.0.0/8', '`10.0.0.0/8` (string)'],
    ['{ a: 1 }', 'a mapping'],
  ])('%s is neither a number of proxies nor a list', (value, got) => {
    expect(setting(value)).toEqual([
      `TrustedProxies: expected a number of proxies, or a list of networks such as \`10.0.0.0/8\`, got ${got}`,
    ]);
  });
});
