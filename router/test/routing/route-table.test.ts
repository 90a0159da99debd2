import { describe, expect, test } from 'vitest';
import { compileRoutes } from '../../src/routing/route-table.ts';
import { operation } from './operations.ts';

const table = (...routes: string[]) => compileRoutes(routes.map(operation));

/** The route that answers, with its parameters, or what else happens. */
function outcome(routes: readonly string[], method: string, path: string): unknown {
  const match = table(...routes).match(method, path);
  if (match.type !== 'match') return match.type;
  return match.pathParameters === undefined
    ? match.routeKey
    : [match.routeKey, match.pathParameters];
}

describe('route table', () => {
  test('a match carries its operation, route key and parameters', () => {
    const hello = operation('GET /hello/{id}/of/{name}');
    const match = compileRoutes([hello]).match('GET', '/hello/7/of/ada');
    expect(match).toEqual({
      type: 'match',
      operation: hello,
      routeKey: 'GET /hello/{id}/of/{name}',
      pathParameters: { id: '7', name: 'ada' },
    });
  });

  test('a route without parameters has none rather than an empty object', () => {
    expect(table('GET /hello').match('GET', '/hello')).toMatchObject({ pathParameters: undefined });
  });

  test('no routes at all match nothing', () => {
    expect(table().match('GET', '/')).toEqual({ type: 'not_found' });
  });

  test.each([
    ['/a/b', 'GET /a/b'],
    ['/a/c', ['GET /a/{x}', { x: 'c' }]],
    ['/a/b/c', ['GET /a/{rest+}', { rest: 'b/c' }]],
    ['/z', ['GET /{all+}', { all: 'z' }]],
  ])('static text beats a parameter and a parameter a greedy one: %s', (path, expected) => {
    const routes = ['GET /{all+}', 'GET /a/{rest+}', 'GET /a/{x}', 'GET /a/b'];
    expect(outcome(routes, 'GET', path)).toEqual(expected);
  });

  test.each([
    ['/a/b/c', ['GET /a/{x}/c', { x: 'b' }]],
    ['/a/b/d', 'GET /a/b/d'],
    ['/a/b/e', ['GET /{x}/b/e', { x: 'a' }]],
    ['/a/b/f', ['GET /{rest+}', { rest: 'a/b/f' }]],
  ])('a choice that leads nowhere is taken back: %s', (path, expected) => {
    const routes = ['GET /a/b/d', 'GET /a/{x}/c', 'GET /{x}/b/e', 'GET /{rest+}'];
    expect(outcome(routes, 'GET', path)).toEqual(expected);
  });

  test('the earliest segment decides which template is the most specific', () => {
    const routes = ['GET /{x}/b/c', 'GET /a/{y}/{z}'];
    expect(outcome(routes, 'GET', '/a/b/c')).toEqual(['GET /a/{y}/{z}', { y: 'b', z: 'c' }]);
  });

  test('parameters of a choice that was taken back do not show', () => {
    const routes = ['GET /{a}/{b}/x', 'GET /{c}/{rest+}'];
    expect(outcome(routes, 'GET', '/1/2/y')).toEqual(['GET /{c}/{rest+}', { c: '1', rest: '2/y' }]);
  });

  test('{*name} is another spelling of {name+}', () => {
    expect(outcome(['GET /files/{*path}'], 'GET', '/files/a/b')).toEqual([
      'GET /files/{*path}',
      { path: 'a/b' },
    ]);
  });

  test.each([
    '/hello/',
    '/hello//',
    '/hello/a/',
    '/hello//a',
    '//hello/a',
    '/Hello/a',
    'hello/a',
    '',
  ])('the path is taken as it is: %s is not /hello/{id}', (path) => {
    expect(outcome(['GET /hello/{id}'], 'GET', path)).toBe('not_found');
  });

  test.each([
    ['GET /', '/', 'GET /'],
    ['GET /hello/', '/hello/', 'GET /hello/'],
    ['GET /hello/', '/hello', 'not_found'],
    ['GET /a//b', '/a//b', 'GET /a//b'],
    ['GET /a//b', '/a/b', 'not_found'],
    ['GET /{x}/', '/1/', ['GET /{x}/', { x: '1' }]],
    ['GET /{x}//y', '/1//y', ['GET /{x}//y', { x: '1' }]],
    ['GET /a%20b', '/a%20b', 'GET /a%20b'],
  ])('%s and %s', (route, path, expected) => {
    expect(outcome([route], 'GET', path)).toEqual(expected);
  });

  test.each([
    ['/files/', 'not_found'],
    ['/files', 'not_found'],
    ['/files//', ['GET /files/{rest+}', { rest: '/' }]],
    ['/files//a//', ['GET /files/{rest+}', { rest: '/a//' }]],
  ])('a greedy parameter takes slashes, but is never empty: %s', (path, expected) => {
    expect(outcome(['GET /files/{rest+}'], 'GET', path)).toEqual(expected);
  });

  test('parameters are decoded after matching, so an encoded slash stays inside its parameter', () => {
    const routes = ['GET /a/{x}', 'GET /a/{x}/{y}', 'GET /f/{rest+}'];
    expect(outcome(routes, 'GET', '/a/b%2Fc')).toEqual(['GET /a/{x}', { x: 'b/c' }]);
    expect(outcome(routes, 'GET', '/a/%C3%A9+%2B')).toEqual(['GET /a/{x}', { x: 'é++' }]);
    expect(outcome(routes, 'GET', '/f/a%2Fb/c%20d')).toEqual([
      'GET /f/{rest+}',
      { rest: 'a/b/c d' },
    ]);
  });

  test.each(['%', '%2', '%zz', '%FF', '%C3%28', 'a%'])('%s is a bad path', (value) => {
    expect(outcome(['GET /a/{x}'], 'GET', `/a/${value}`)).toBe('bad_path');
    expect(outcome(['GET /a/{x+}'], 'GET', `/a/b/${value}`)).toBe('bad_path');
  });

  test('a method that the path does not have is told which ones it has', () => {
    const routes = table('POST /a', 'GET /a', 'GET /{x}', 'DELETE /{x}');
    expect(routes.match('PUT', '/a')).toEqual({
      type: 'method_not_allowed',
      allow: ['GET', 'POST'],
    });
    expect(routes.match('PUT', '/b')).toEqual({
      type: 'method_not_allowed',
      allow: ['DELETE', 'GET'],
    });
  });

  test('the template is chosen before the method', () => {
    const routes = table('POST /a/b', 'GET /a/{x}');
    expect(routes.match('GET', '/a/b')).toEqual({ type: 'method_not_allowed', allow: ['POST'] });
  });

  test('HEAD and OPTIONS are there only when they are configured', () => {
    expect(outcome(['GET /a'], 'HEAD', '/a')).toBe('method_not_allowed');
    expect(outcome(['GET /a'], 'OPTIONS', '/a')).toBe('method_not_allowed');
    expect(outcome(['GET /a', 'HEAD /a'], 'HEAD', '/a')).toBe('HEAD /a');
  });

  test('ANY takes every method that has no operation of its own', () => {
    const routes = ['ANY /a/{x}', 'GET /a/{x}'];
    expect(outcome(routes, 'GET', '/a/1')).toEqual(['GET /a/{x}', { x: '1' }]);
    for (const method of ['POST', 'HEAD', 'OPTIONS', 'PROPFIND']) {
      expect(outcome(routes, method, '/a/1')).toEqual(['ANY /a/{x}', { x: '1' }]);
    }
  });

  test('names of properties that every object has are ordinary names', () => {
    const routes = ['GET /constructor', 'GET /a/{toString}', 'GET /b/{valueOf}/hasOwnProperty'];
    expect(outcome(routes, 'GET', '/toString')).toBe('not_found');
    expect(outcome(routes, 'GET', '/constructor')).toBe('GET /constructor');
    expect(outcome(routes, 'constructor', '/constructor')).toBe('method_not_allowed');
    expect(outcome(routes, 'GET', '/a/1')).toEqual(['GET /a/{toString}', { toString: '1' }]);
  });

  test('siblings that are alike in length and edges are told apart', () => {
    const routes = ['GET /axbyc/{i}', 'GET /aybxc/{i}', 'GET /azbzc/{i}'];
    expect(outcome(routes, 'GET', '/aybxc/1')).toEqual(['GET /aybxc/{i}', { i: '1' }]);
    expect(outcome(routes, 'GET', '/awbwc/1')).toBe('not_found');
    expect(outcome(['GET /a/{i}'], 'GET', `/${'a'.repeat(257)}/1`)).toBe('not_found');
  });

  test('operations that no request could tell apart are refused', () => {
    expect(() => table('GET /a/{x}', 'GET /a/{y}')).toThrow(
      'Expected each route once, got `GET /a/{y}` beside `/a/{x}`',
    );
    expect(() => table('GET /a', 'GET /a')).toThrow('Expected each route once');
    expect(() => table('GET a')).toThrow('Expected a path that begins with `/`, got `a`');
  });
});
