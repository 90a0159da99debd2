import { describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { AdapterError } from '../src/errors.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchOf } from './support/events.ts';
import { idsIn, PlainSink } from './support/sinks.ts';

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
    [{ concurency: 4 }, 'Expected `concurency` to be an option, got `4` (number)'],
    [{ onError: 1 }, 'Expected `onError` to be a function, got `1` (number)'],
    [
      { errorResponse: {} },
      'Expected `errorResponse` to be a function, got `[object Object]` (object)',
    ],
    [{ around: 'x' }, 'Expected `around` to be a function, got `x` (string)'],
    [{ passthrough: 1 }, 'Expected `passthrough` to be a boolean, got `1` (number)'],
    [{ timeoutMarginMs: -1 }, 'Expected `timeoutMarginMs` to be a number >= 0, got `-1` (number)'],
    [
      { timeoutMarginMs: Infinity },
      'Expected `timeoutMarginMs` to be a number >= 0, got `Infinity` (number)',
    ],
    [{ constructor: 1 }, 'Expected `constructor` to be an option, got `1` (number)'],
    [4, 'Expected `options` to be an object, got `4` (number)'],
    [null, 'Expected `options` to be an object, got `null` (object)'],
    [[], 'Expected `options` to be an object, got `` (object)'],
  ])('refuses the options %j when wrapping', (options, message) => {
    const wrong = () => wrap(handler, options as never);
    expect(wrong).toThrow(AdapterError);
    expect(wrong).toThrow(expect.objectContaining({ code: 'LPR_WRONG_OPTION', message }));
  });

  it.each<[unknown, string]>([
    [
      undefined,
      'Expected `handler` to be a function of up to 2 parameters, got `undefined` (undefined)',
    ],
    [
      { handler },
      'Expected `handler` to be a function of up to 2 parameters, got `[object Object]` (object)',
    ],
    [
      (_event: unknown, _context: unknown, _callback: unknown) => 'ok',
      'Expected `handler` to be a function of up to 2 parameters, got `(_event, _context, _callback) => "ok"` (function)',
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
    {
      onError: () => undefined,
      errorResponse: () => 'x',
      around: () => 'x',
      passthrough: false,
      timeoutMarginMs: 0,
    },
  ])('takes the options %o', (options) => {
    expect(wrap(handler, options)).toBeTypeOf('function');
  });
});

describe('options that only streaming has', () => {
  it.each<[object, string]>([
    [
      { interleaved: 'yes' },
      "Expected `interleaved` to be a boolean or 'auto', got `yes` (string)",
    ],
    [{ streamifyResponse: 1 }, 'Expected `streamifyResponse` to be a function, got `1` (number)'],
  ])('are checked: %o', (options, message) => {
    expect(() => withBatchAdapterStream(handler, options as never)).toThrow(message);
    const name = Object.keys(options)[0]!;
    expect(() => withBatchAdapter(handler, options as never)).toThrow(
      `Expected \`${name}\` to be an option`,
    );
  });

  it('`streamifyResponse` is used instead of the global one, with the handler of the stream', async () => {
    const given: unknown[] = [];
    const replaced = async () => undefined;
    const wrapped = withBatchAdapterStream(handler, {
      streamifyResponse: (streaming) => {
        given.push(streaming);
        return replaced;
      },
    });
    expect(wrapped).toBe(replaced);
    const sink = new PlainSink();
    await (given[0] as typeof wrapped)(batchOf('a'), sink);
    expect(idsIn(sink.chunks)).toEqual(['a']);
  });
});
