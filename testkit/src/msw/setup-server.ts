import { HttpRequestInterceptor } from '@mswjs/interceptors/http';
import type { AnyHandler } from 'msw';
import { defineNetwork, InterceptorSource } from 'msw/experimental';
import { AsyncHandlersController } from 'msw/node';
import type { SetupServer } from 'msw/node';

/**
 * As msw's own `setupServer`, with the same methods; but it looks at connections, where that one looks at `fetch`
 * and `node:http`. So it also sees clients that bring an HTTP client of their own, as the router does, which calls
 * Lambda through undici unless its `Invoker` is `sdk`.
 */
export function setupServer(...handlers: AnyHandler[]): SetupServer {
  const controller = new AsyncHandlersController(handlers);
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: controller,
    context: { quiet: true },
  });
  return {
    get readyState() {
      return network.readyState;
    },
    events: network.events,
    listen({ onUnhandledFrame = 'warn' } = {}) {
      network.configure({ onUnhandledFrame });
      network.enable();
    },
    close: () => network.disable(),
    use: (...next) => network.use(...next),
    resetHandlers: (...next) => network.resetHandlers(...next),
    restoreHandlers: () => network.restoreHandlers(),
    listHandlers: () => network.listHandlers(),
    boundary: (callback) => controller.boundary(callback),
  };
}
