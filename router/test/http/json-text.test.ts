import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { quote, quoteAll, quoteMap } from '../../src/http/json-text.ts';
import { parseQuery } from '../../src/http/request-target.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('\ud800'));

it('writes strings, lists and flat objects as JSON.stringify does', () => {
  fc.assert(
    fc.property(text, fc.array(text), fc.dictionary(text, text), (one, list, map) => {
      expect(quote(one)).toBe(JSON.stringify(one));
      expect(quoteAll(list)).toBe(JSON.stringify(list));
      expect(quoteMap(map)).toBe(JSON.stringify(map));
    }),
  );
});

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
