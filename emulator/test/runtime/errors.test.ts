import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { FunctionFailure, toErrorPayload } from '../../src/runtime/errors.ts';

test('an error becomes its name, message and stack', () => {
  const error = new RangeError('too far');
  expect(toErrorPayload(error)).toEqual({
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: error.stack?.split('\n'),
  });
});

test('an error of another realm is an error', () => {
  const foreign: unknown = runInNewContext('new TypeError("elsewhere")');
  expect(toErrorPayload(foreign)).toMatchObject({
    errorType: 'TypeError',
    errorMessage: 'elsewhere',
  });
});

test('anything else is described by its type', () => {
  expect(toErrorPayload('text')).toEqual({ errorType: 'string', errorMessage: 'text', trace: [] });
  expect(toErrorPayload(undefined)).toMatchObject({
    errorType: 'undefined',
    errorMessage: 'undefined',
  });
});

test('an error that cannot be read is still an answer', () => {
  const hostile = new Error('x');
  Object.defineProperty(hostile, 'name', {
    get() {
      throw new Error('no name');
    },
  });
  expect(toErrorPayload(hostile)).toMatchObject({ errorType: 'handled', trace: [] });
});

test('a failure keeps its payload, and DEL is escaped', () => {
  const payload = { errorType: 'T', errorMessage: 'm' };
  expect(toErrorPayload(new FunctionFailure(payload))).toBe(payload);
  expect(toErrorPayload(new Error('a\u007Fb')).errorMessage).toBe('a%7Fb');
});
