import { answerBatch, createTestRouter } from 'lpr-testkit';
import type { TestRequest, TestRouterOptions } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';

const handler = (event: Parameters<typeof answerBatch>[0]) => answerBatch(event);

describe('a test router used wrongly', () => {
  it.each([
    [undefined, 'Expected `routes`, or `config` and `handlers`, got neither'],
    [{ config: {} }, 'Expected `routes`, or `config` and `handlers`, got config'],
    [
      { config: {}, handlers: { hello: {} } },
      'Expected `handlers.hello` to be a function, got object',
    ],
    [
      { routes: { '/a': handler } },
      "Expected `routes['/a']` to be routes by method, as in `{ get: { handler } }`, got function",
    ],
    [
      { routes: { '/a': { get: handler } } },
      "Expected `routes['/a'].get` to be a route, as in `{ handler }`, got function",
    ],
    [
      { routes: { '/a': { get: { handler: 'hello' } } } },
      "Expected `routes['/a'].get.handler` to be a function, got `hello` (string)",
    ],
  ])('says at once what %o lacks', (options, message) => {
    expect(() => createTestRouter(options as unknown as TestRouterOptions)).toThrow(message);
  });

  it.each([
    [undefined, 'Expected a path or a request with a `path`, got undefined'],
    [{ url: '/a' }, 'Expected a path or a request with a `path`, got object'],
    [{ path: 7 }, 'Expected a path or a request with a `path`, got `7` (number)'],
  ])('says at once that %o is no request', async (request, message) => {
    await using router = createTestRouter({ routes: {} });
    expect(() => router.request(request as unknown as TestRequest)).toThrow(message);
  });

  it('takes no request after its disposal', async () => {
    const router = createTestRouter({ routes: {} });
    await router[Symbol.asyncDispose]();
    expect(() => router.request('/a')).toThrow("`/a` was requested after the router's disposal");
  });

  it('does not say a second time what is wrong with its configuration', async () => {
    const router = createTestRouter({ routes: { a: { get: { handler } } } });
    await expect(router.idle()).rejects.toThrow('expected a path that begins with `/`');
    await expect(router[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});
