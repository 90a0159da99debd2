import { expectTypeOf, describe, expect, it } from 'vitest';
import 'lpr-testkit/vitest';

describe('types of the matchers', () => {
  it('return nothing, or a promise where the subject is one', () => {
    expectTypeOf(() => expect([]).toHaveBatches(0)).returns.toEqualTypeOf<void>();
    expectTypeOf(() => expect(Promise.resolve([])).resolves.toHaveBatches(0)).returns.toEqualTypeOf<
      Promise<void>
    >();
    expect([]).toHaveBatches(0);
  });

  it('refuse what no router ever says', () => {
    const wrong = () => {
      // @ts-expect-error -- there is no such reason
      expect([]).toHaveReleasedBecause('later');
      // @ts-expect-error -- a status is a number
      expect('').toHaveRecordFor('r-1', { statusCode: '200' });
      // @ts-expect-error -- there is no such frame
      expect('').toHaveFrames('r-1', ['body']);
    };
    expect(wrong).toThrow('because of later');
  });
});
