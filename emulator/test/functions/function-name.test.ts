import { expect, test } from 'vitest';
import { functionArn, parseFunctionReference } from '../../src/functions/function-name.ts';

test.for([
  ['hello', 'arn:aws:lambda:us-east-1:000000000000:function:hello'],
  ['hello:$LATEST', 'arn:aws:lambda:us-east-1:000000000000:function:hello:$LATEST'],
  ['123456789012:function:hello:7', 'arn:aws:lambda:us-east-1:123456789012:function:hello:7'],
  [
    'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
    'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
  ],
  ['function:hello', 'arn:aws:lambda:us-east-1:000000000000:function:hello'],
] as const)('`%s` names %s', ([text, arn]) => {
  const reference = parseFunctionReference(text);
  expect(reference?.name).toBe('hello');
  expect(reference && functionArn(reference)).toBe(arn);
});

test.for(['', 'a b', 'arn:aws:s3:::bucket', 'hello:', 'hello:a:b:c', 'gr\u00fc\u00df'])(
  '`%s` names nothing',
  (text) => {
    expect(parseFunctionReference(text)).toBeUndefined();
  },
);
