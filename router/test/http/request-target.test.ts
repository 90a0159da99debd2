import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseQuery } from '../../src/http/request-target.ts';

it('reads any query as URLSearchParams does, duplicates joined', () => {
  const character = fc.constantFrom('a', 'b', '=', '&', '+', '%', '2', '0', 'C', '?', '/', 'é');
  fc.assert(
    fc.property(fc.string({ unit: character }), (query) => {
      const expected: Record<string, string> = {};
      for (const [name, value] of new URLSearchParams(`?${query}`)) {
        expected[name] = name in expected ? `${expected[name]},${value}` : value;
      }
      expect(parseQuery(query) ?? {}).toEqual(expected);
    }),
  );
});

it('keeps a parameter that is called `__proto__`', () => {
  expect(JSON.stringify(parseQuery('__proto__=1&__proto__=2'))).toBe('{"__proto__":"1,2"}');
});
