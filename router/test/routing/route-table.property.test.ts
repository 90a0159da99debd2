import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePathTemplate } from '../../src/routing/path-template.ts';
import type { Segment } from '../../src/routing/path-template.ts';
import { compileRoutes } from '../../src/routing/route-table.ts';
import { operation } from './operations.ts';

const text = fc.constantFrom('', 'a', 'b', 'aa', 'ab', '%C3%A9%2F');
const templates = fc
  .array(
    fc
      .tuple(fc.array(fc.oneof(text, fc.constant('{}')), { maxLength: 4 }), fc.boolean())
      .map(([segments, greedy]) => {
        const named = segments.map((segment, index) =>
          segment === '{}' ? `{p${index}}` : segment,
        );
        return `/${[...named, ...(greedy ? ['{rest+}'] : [])].join('/')}`;
      }),
    { maxLength: 12 },
  )
  .map((paths) => [...new Set(paths)]);
const paths = fc.array(text, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`);

const segmentsOf = (template: string): readonly Segment[] => {
  const parsed = parsePathTemplate(template);
  return parsed.ok ? parsed.template.segments : [];
};

/** The slow and obvious way: `undefined` when the template does not match. */
function capture(template: string, path: string): Record<string, string> | undefined {
  const parts = path.slice(1).split('/');
  const segments = segmentsOf(template);
  const captured: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.type === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : { ...captured, [segment.name]: decodeURIComponent(rest) };
    }
    if (segment.type === 'static' ? segment.text !== part : part === '') return undefined;
    if (segment.type === 'parameter') captured[segment.name] = decodeURIComponent(part);
  }
  return parts.length === segments.length ? captured : undefined;
}

const rank = (template: string): string =>
  segmentsOf(template)
    .map(({ type }) => ({ static: 0, parameter: 1, greedy: 2 })[type])
    .join('');

test('the table finds what trying every template, the most specific first, finds', () => {
  fc.assert(
    fc.property(templates, paths, (routes, path) => {
      const byRank = routes.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
      const best = byRank.find((template) => capture(template, path) !== undefined);
      const match = compileRoutes(routes.map((route) => operation(`GET ${route}`))).match(
        'GET',
        path,
      );
      const captured = best === undefined ? {} : capture(best, path)!;
      const pathParameters = Object.keys(captured).length === 0 ? undefined : captured;
      const expected =
        best === undefined
          ? { type: 'not_found' }
          : { type: 'match', routeKey: `GET ${best}`, pathParameters };
      expect(match).toMatchObject(expected);
    }),
    { numRuns: 2000 },
  );
});

test('no path makes a table throw', () => {
  const table = compileRoutes(['GET /a/{x}/b', 'GET /a/{rest+}', 'ANY /{x}'].map(operation));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (tail) => {
      expect(['match', 'not_found', 'bad_path', 'method_not_allowed']).toContain(
        table.match('GET', `/a/${tail}`).type,
      );
    }),
  );
});
