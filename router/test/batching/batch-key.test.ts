import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchKey } from '../../src/batching/batch-key.ts';

const values = fc.array(fc.option(fc.string(), { nil: undefined }), { minLength: 2, maxLength: 2 });

describe('batch key', () => {
  it('differs whenever a value differs, absent and empty included', () => {
    expect(batchKey('r', [undefined])).not.toBe(batchKey('r', ['']));
    fc.assert(
      fc.property(values, values, (left, right) => {
        const same = left[0] === right[0] && left[1] === right[1];
        expect(batchKey('r', left) === batchKey('r', right)).toBe(same);
      }),
    );
  });

  it('is the route alone when there are no dimensions', () => {
    expect(batchKey('GET /a', [])).toBe('GET /a');
  });
});
