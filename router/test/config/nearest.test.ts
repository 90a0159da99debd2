import { describe, expect, test } from 'vitest';
import { nearest, nearMiss } from '../../src/config/nearest.ts';

const KEYS = ['ListenAddr', 'MaxBodyBytes', 'MaxInflightInvocations', 'MaxRecordBytes', 'Spec'];

describe('nearest name', () => {
  test.each([
    ['ListenAdr', 'ListenAddr'],
    ['listen_addr', 'ListenAddr'],
    ['LISTENADDR', 'ListenAddr'],
    ['MaxInflight', 'MaxInflightInvocations'],
    ['MaxRecrodBytes', 'MaxRecordBytes'],
    ['Specs', 'Spec'],
    ['Function', undefined],
    ['', undefined],
  ])('for %j it is %s', (given, expected) => {
    expect(nearest(given, KEYS)).toBe(expected);
  });

  test('of nothing there is none', () => {
    expect(nearest('a', [])).toBeUndefined();
  });

  test.each([
    ['x-lrp', 'x-lpr'],
    ['x-lp', 'x-lpr'],
    ['x-target-lamda', 'x-target-lambda'],
    ['x-api', undefined],
    ['x-tpl', undefined],
    ['x-amazon-apigateway-auth', undefined],
  ])('%s among the keys of others is a slip of %s', (given, expected) => {
    expect(nearMiss(given, ['x-lpr', 'x-target-lambda', 'x-amazon-apigateway-any-method'])).toBe(
      expected,
    );
  });
});
