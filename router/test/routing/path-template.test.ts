import { describe, expect, test } from 'vitest';
import { parsePathTemplate } from '../../src/routing/path-template.ts';

describe('path template', () => {
  test('it is taken apart at its slashes', () => {
    expect(parsePathTemplate('/a//{id}/{rest+}')).toEqual({
      ok: true,
      template: {
        segments: [
          { type: 'static', text: 'a' },
          { type: 'static', text: '' },
          { type: 'parameter', name: 'id' },
          { type: 'greedy', name: 'rest' },
        ],
        shape: 'a//{}/{+}',
      },
    });
  });

  test.each([
    ['/a/{x}', '/a/{y}', true],
    ['/a/{x+}', '/a/{*y}', true],
    ['/a/{x}', '/a/{x+}', false],
    ['/a/{x}', '/a/{x}/', false],
  ])('%s and %s have the same shape: %s', (one, other, same) => {
    const [a, b] = [parsePathTemplate(one), parsePathTemplate(other)];
    expect(a.ok && b.ok && a.template.shape === b.template.shape).toBe(same);
  });

  test.each([
    ['hello', 'a path that begins with `/`'],
    ['', 'a path that begins with `/`'],
    ['/{}', 'each parameter to be a whole segment'],
    ['/{a', 'each parameter to be a whole segment'],
    ['/a}', 'each parameter to be a whole segment'],
    ['/{a}.json', 'each parameter to be a whole segment'],
    ['/{a}{b}', 'each parameter to be a whole segment'],
    ['/{*a+}', 'each parameter to be a whole segment'],
    ['/{__proto__}', 'each parameter to be a whole segment'],
    ['/{a}/{a}', 'the parameter `a` only once'],
    ['/{a+}/b', 'the greedy parameter `{a+}` to be the last segment'],
    ['/{a+}/', 'the greedy parameter `{a+}` to be the last segment'],
    ['/a?b', 'a path of ASCII characters'],
    ['/a#b', 'a path of ASCII characters'],
    ['/a%2', 'two hexadecimal digits after each `%`'],
  ])('%s is refused: expected %s', (path, expected) => {
    expect(parsePathTemplate(path)).toMatchObject({
      ok: false,
      expected: expect.stringContaining(expected),
    });
  });

  test.each([
    ['hello/{id}', '/hello/{id}'],
    ['/café/{id}', '/caf%C3%A9/{id}'],
    ['/a b%20c', '/a%20b%20c'],
  ])('for %s it suggests %s', (path, suggestion) => {
    expect(parsePathTemplate(path)).toMatchObject({ ok: false, suggestion });
  });
});
