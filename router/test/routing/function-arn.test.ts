import { describe, expect, test } from 'vitest';
import { isRegion, parseFunctionArn } from '../../src/routing/function-arn.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

describe('function ARN', () => {
  test('it names region, function and qualifier', () => {
    expect(parseFunctionArn(`${ARN}:live`)).toEqual({
      arn: `${ARN}:live`,
      region: 'eu-west-1',
      functionName: 'hello',
      qualifier: 'live',
    });
  });

  test.each([
    [ARN, undefined],
    [`${ARN}:12`, '12'],
    [`${ARN}:$LATEST`, '$LATEST'],
    ['arn:aws-cn:lambda:cn-north-1:123456789012:function:hello', undefined],
    ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:hello:v1', 'v1'],
    ['arn:aws-iso-b:lambda:us-isob-east-1:123456789012:function:hello', undefined],
  ])('%s has the qualifier %s', (arn, qualifier) => {
    expect(parseFunctionArn(arn)).toMatchObject({ arn, functionName: 'hello', qualifier });
  });

  test.each([
    'hello',
    '',
    7,
    null,
    '${Hello.Arn}',
    ` ${ARN}`,
    `${ARN}:`,
    `${ARN}:a:b`,
    `${ARN}:$latest`,
    `${ARN}${'x'.repeat(60)}`,
    'arn:aws:lambda:eu-west-1:1234:function:hello',
    'arn:aws:lambda:europe:123456789012:function:hello',
    'arn:aws:lambda:eu-west-1:123456789012:layer:hello:1',
    'arn:aws:s3:eu-west-1:123456789012:function:hello',
  ])('%s is none', (value) => {
    expect(parseFunctionArn(value)).toBeUndefined();
  });

  test('regions are told from other words', () => {
    expect(['eu-west-1', 'us-gov-east-1', 'eusc-de-east-1'].every(isRegion)).toBe(true);
    expect(['', 'mars', 'eu-west', 'EU-WEST-1', 'eu-west-1a'].some(isRegion)).toBe(false);
  });
});
