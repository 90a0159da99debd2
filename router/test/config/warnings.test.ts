import { describe, expect, test } from 'vitest';
import { compileConfig } from '../../src/config/load.ts';
import { manifestFromObject, parseManifest } from '../../src/config/manifest.ts';
import { formatWarning, warningsOf } from '../../src/config/warnings.ts';
import { ARN, withLpr } from './manifests.ts';

function warnings(text: string): string[] {
  const manifest = parseManifest(text, 'router.yaml');
  return warningsOf(manifest, compileConfig(manifest)).map(formatWarning);
}

const DENY = 'ForwardHeaders: { Deny: [authorization, cookie] }\n';

describe('warnings of callers that share a batch', () => {
  test('credentials that reach the function and are no part of the key', () => {
    expect(warnings(withLpr('{ maxWaitMs: 10, maxBatchSize: 4 }'))).toEqual([
      'router.yaml:7:9: warning: Spec.paths./hello.get.x-lpr.key: the function gets `authorization` and `cookie`, but requests of different callers share a batch; add `header:authorization` and `header:cookie` to `key`, or deny them in `ForwardHeaders`',
    ]);
  });

  test('one is named alone where the other is dealt with', () => {
    const keyed = withLpr('{ maxWaitMs: 10, maxBatchSize: 4, key: [header:Cookie] }');
    expect(warnings(keyed)).toEqual([
      expect.stringContaining(
        'router.yaml:7:55: warning: Spec.paths./hello.get.x-lpr.key: the function gets `authorization`, but',
      ),
    ]);
    const denied = `ForwardHeaders: { Deny: [Authorization] }\n${withLpr('{ maxWaitMs: 10, maxBatchSize: 4 }')}`;
    expect(warnings(denied)).toEqual([expect.stringContaining('the function gets `cookie`, but')]);
  });

  test.each([
    ['denied headers', DENY, '{ maxWaitMs: 10, maxBatchSize: 4 }'],
    [
      'a list without them',
      'ForwardHeaders: { Allow: [accept] }\n',
      '{ maxWaitMs: 10, maxBatchSize: 4 }',
    ],
    [
      'both in the key',
      '',
      '{ maxWaitMs: 10, maxBatchSize: 4, key: [header:authorization, header:cookie] }',
    ],
    ['batches of one', '', '{ maxWaitMs: 10, maxBatchSize: 1 }'],
  ])('none with %s', (_, settings, lpr) => {
    expect(warnings(withLpr(lpr, settings))).toEqual([]);
  });

  test('a denied header stays denied though it is allowed, too', () => {
    const both = 'ForwardHeaders: { Allow: [cookie], Deny: [cookie] }\n';
    expect(warnings(withLpr('{ maxWaitMs: 10, maxBatchSize: 4 }', both))).toEqual([]);
  });
});

describe('warnings of keys that clients choose', () => {
  const about = 'so it groups requests and does not isolate';

  test('a header in the key, at its place among implied ones', () => {
    const text = withLpr('{ maxWaitMs: 10, maxBatchSize: 4, key: [method, header:X-Team] }', DENY);
    expect(warnings(text)).toEqual([
      `router.yaml:8:64: warning: Spec.paths./hello.get.x-lpr.key[1]: any client can send \`x-team\`, ${about} callers, unless an authenticating proxy sets it`,
    ]);
  });

  test('a tenant, once, though it is in the key as well', () => {
    const lpr = '{ maxWaitMs: 10, maxBatchSize: 4, tenantId: header:x-t, key: [header:x-t] }';
    expect(warnings(withLpr(lpr, DENY))).toEqual([
      `router.yaml:8:60: warning: Spec.paths./hello.get.x-lpr.tenantId: any client can send \`x-t\`, ${about} tenants, unless an authenticating proxy sets it`,
    ]);
  });

  test('neither query parameters nor credentials', () => {
    const lpr =
      '{ maxWaitMs: 10, maxBatchSize: 4, key: [query:q, header:authorization, header:cookie] }';
    expect(warnings(withLpr(lpr))).toEqual([]);
  });
});

describe('other warnings', () => {
  test('a batch size that single requests make meaningless', () => {
    expect(warnings(withLpr('{ maxWaitMs: 10, maxBatchSize: 4, payloadFormat: single }'))).toEqual([
      'router.yaml:7:47: warning: Spec.paths./hello.get.x-lpr.maxBatchSize: with `payloadFormat: single` each request is an invocation; 4 counts as 1',
    ]);
    expect(
      warnings(withLpr('{ maxWaitMs: 10, maxBatchSize: "1", payloadFormat: single }')),
    ).toEqual([]);
  });

  test('of an object have no position, and name the key under which the route stands', () => {
    const lpr = { maxWaitMs: 1, maxBatchSize: 1, tenantId: 'header:t' };
    const any = { 'x-target-lambda': ARN, 'x-lpr': lpr };
    const manifest = manifestFromObject({
      ListenAddr: '127.0.0.1:0',
      Spec: { paths: { '/a': { 'x-amazon-apigateway-any-method': any } } },
    });
    expect(warningsOf(manifest, compileConfig(manifest)).map(formatWarning)).toEqual([
      expect.stringContaining(
        'config: warning: Spec.paths./a.x-amazon-apigateway-any-method.x-lpr.tenantId: any client',
      ),
    ]);
  });
});
