import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { operation, startRouter } from '../support/router.ts';

/** Sends the path as it is: `fetch` would tidy it up. */
async function send(url: string, method: string, path: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const outgoing = request(url, { method, path }, (response) => {
    const { statusCode, headers } = response;
    text(response).then((body) => {
      const shown = statusCode === 200 ? body : (headers.allow ?? '');
      resolve(`${statusCode} ${shown}`.trim());
    }, reject);
  });
  outgoing.on('error', reject).end();
  return promise;
}

const get = { get: operation({ maxWaitMs: 0 }) };

describe('routes over a socket', () => {
  // The function answers with the raw path that it was given.
  test.each([
    ['/a/b', '200 /a/b'],
    ['/a/b/', '404'],
    ['/a//b', '404'],
    ['/dir/', '200 /dir/'],
    ['/dir', '404'],
    ['/x//y', '200 /x//y'],
    ['/x/y', '404'],
    ['/rest/a//b/../c/', '200 /rest/a//b/../c/'],
    ['/a/%C3%A9%2Fb', '200 /a/%C3%A9%2Fb'],
    ['/a/%zz', '400'],
    ['/a/%C3', '400'],
    ['/a/b?c=%zz', '200 /a/b'],
    ['/A/b', '404'],
  ])('the raw path is matched and passed on: %s gives %s', async (path, outcome) => {
    const paths = { '/a/{id}': get, '/dir/': get, '/x//y': get, '/rest/{rest+}': get };
    const { url } = await startRouter({ paths });
    expect(await send(url, 'GET', path)).toBe(outcome);
  });

  test('HEAD and OPTIONS are answered only where they are configured', async () => {
    const all = { ...get, head: get.get, options: get.get };
    const any = { 'x-amazon-apigateway-any-method': get.get };
    const { url } = await startRouter({ paths: { '/get': get, '/all': all, '/any': any } });
    expect(await send(url, 'HEAD', '/get')).toBe('405 GET');
    expect(await send(url, 'OPTIONS', '/get')).toBe('405 GET');
    expect(await send(url, 'HEAD', '/all')).toBe('200');
    expect(await send(url, 'OPTIONS', '/all')).toBe('200 /all');
    expect(await send(url, 'HEAD', '/any')).toBe('200');
    expect(await send(url, 'DELETE', '/all')).toBe('405 GET, HEAD, OPTIONS');
    expect(await send(url, 'OPTIONS', '/nowhere')).toBe('404');
  });
});
