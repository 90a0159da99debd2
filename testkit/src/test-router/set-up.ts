import { describeValue } from 'lpr-protocol';
import type { RouterConfig } from 'lpr-router';
import type { TestHandler } from '../run-handler.ts';
import { setUpRoutes } from './routes.ts';
import type { TestRoutes } from './routes.ts';

interface RoutesGiven {
  readonly routes: TestRoutes;
  /** The manifest's other settings, such as `MaxInflightInvocations`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly config?: never;
  readonly handlers?: never;
}

interface ConfigGiven {
  /** A manifest's location, a manifest as an object, or a compiled configuration. */
  readonly config: string | object | RouterConfig;
  /** By function name; a function without one must not be invoked. */
  readonly handlers: Readonly<Record<string, TestHandler>>;
  readonly routes?: never;
  readonly settings?: never;
}

/** Routes with their handlers, or a configuration with handlers by function name. */
export type TestRouterOptions = (RoutesGiven | ConfigGiven) & {
  /** Epoch ms at which time begins; default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
};

/** What the router and its invoker need of the options; throws a TypeError where they cannot be meant so. */
export function setUp(options: TestRouterOptions): Pick<ConfigGiven, 'config' | 'handlers'> {
  const { routes, settings, config, handlers } = Object(options) as Partial<TestRouterOptions>;
  if (routes !== undefined) return setUpRoutes(routes, settings);
  if (config === undefined || handlers === undefined) {
    const given = Object.keys(Object(options) as object).join(', ') || 'neither';
    throw new TypeError(`Expected \`routes\`, or \`config\` and \`handlers\`, got ${given}`);
  }
  for (const [name, handler] of Object.entries(handlers)) {
    if (typeof handler !== 'function') {
      throw new TypeError(
        `Expected \`handlers.${name}\` to be a function, got ${describeValue(handler)}`,
      );
    }
  }
  return { config, handlers };
}
