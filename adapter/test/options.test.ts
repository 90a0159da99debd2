import { describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { AdapterError } from '../src/errors.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';

const handler = () => 'ok';

describe.each([
  ['withBatchAdapter', withBatchAdapter],
  ['withBatchAdapterStream', withBatchAdapterStream],
])('%s', (_, wrap) => {
  it.each<[unknown, string]>([
    [
      { concurrency: 0 },
      'Expected `concurrency` to be an integer >= 1 or Infinity, got `0` (number)',
    ],
    [
      { concurrency: 1.5 },
      'Expected `concurrency` to be an integer >= 1 or Infinity, got `1.5` (number)',
    ],
    [
      { concurrency: NaN },
      'Expected `concurrency` to be an integer >= 1 or Infinity, got `NaN` (number)',
    ],
    [
      { concurrency: '4' },
      'Expected `concurrency` to be an integer >= 1 or Infinity, got `4` (string)',
    ],
    [
      { concurrency: null },
      'Expected `concurrency` to be an integer >= 1 or Infinity, got `null` (object)',
    ],
    [
      { concurency: 4 },
      expect.stringMatching(
        /^Expected `options` to be an object of .*concurrency.*, got `concurency` \(string\)$/,
      ) as never,
    ],
    [4, 'Expected `options` to be an object, got `4` (number)'],
    [null, 'Expected `options` to be an object, got `null` (object)'],
    [[], 'Expected `options` to be an object, got `` (object)'],
  ])('refuses the options %j when wrapping', (options, message) => {
    const wrong = () => wrap(handler, options as never);
    expect(wrong).toThrow(AdapterError);
    expect(wrong).toThrow(expect.objectContaining({ code: 'LPR_WRONG_OPTION', message }));
  });

  it.each<[unknown, string]>([
    [undefined, 'Expected `handler` to be a function, got `undefined` (undefined)'],
    [{ handler }, 'Expected `handler` to be a function, got `[object Object]` (object)'],
    [
      (_event: unknown, _context: unknown, _callback: unknown) => 'ok',
      'Expected `handler.length` to be at most 2, got `3` (number)',
    ],
  ])('refuses to wrap %s', (wrapped, message) => {
    expect(() => wrap(wrapped as never)).toThrow(
      expect.objectContaining({ code: 'LPR_WRONG_OPTION', message }),
    );
  });

  it.each([
    undefined,
    {},
    { concurrency: undefined },
    { concurrency: 1 },
    { concurrency: Infinity },
  ])('takes the options %o', (options) => {
    expect(wrap(handler, options)).toBeTypeOf('function');
  });
});
