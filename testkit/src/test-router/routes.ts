import { describeValue } from 'lpr-protocol';
import type { InvokeMode } from 'lpr-router';
import { functionArn } from '../factories/lambda-context.ts';
import { isStreaming } from '../run-handler.ts';
import type { TestHandler } from '../run-handler.ts';

/** The fields of `x-lpr`, with defaults fit for tests. */
export interface RouteRules {
  /** Default 20. */
  readonly maxWaitMs?: number;
  /** Default 16. */
  readonly maxBatchSize?: number;
  /** Default 2000. */
  readonly timeoutMs?: number;
  /** Default `response_stream` for a handler that is tagged as streaming, else `buffered`. */
  readonly invokeMode?: InvokeMode;
  readonly key?: readonly string[];
  readonly dynamicWait?: Readonly<Record<string, number>>;
  readonly payloadFormat?: 'batch' | 'single';
  readonly maxInFlight?: number;
  readonly retryUnsent?: number;
  readonly tenantId?: string;
}

/** A route, and the handler of the function behind it; without one, its function must not be invoked. */
export interface TestRoute extends RouteRules {
  readonly handler?: TestHandler;
}

/** Routes by path template and method; the method `any` stands for all. */
export type TestRoutes = Readonly<Record<string, Readonly<Record<string, TestRoute>>>>;

export interface RouteSetUp {
  /** A manifest for the router. */
  readonly config: object;
  /** By function name. */
  readonly handlers: Readonly<Record<string, TestHandler>>;
}

/** The manifest of these routes. Routes with the same handler have one function behind them. */
export function setUpRoutes(
  routes: TestRoutes,
  settings: Readonly<Record<string, unknown>> = {},
): RouteSetUp {
  const names = new Map<TestHandler, string>();
  const taken = new Set<string>();
  const paths: Record<string, Record<string, object>> = {};
  for (const [path, methods] of Object.entries(routes)) {
    checkMethods(path, methods);
    for (const [method, route] of Object.entries(methods)) {
      checkRoute(path, method, route);
      const { handler, ...rules } = route;
      const name = (handler && names.get(handler)) ?? free(functionName(method, path), taken);
      taken.add(name);
      if (handler) names.set(handler, name);
      const streams = handler !== undefined && isStreaming(handler);
      const operation = {
        'x-target-lambda': functionArn(name),
        'x-lpr': {
          maxWaitMs: 20,
          maxBatchSize: 16,
          timeoutMs: 2000,
          ...(streams ? { invokeMode: 'response_stream' } : {}),
          ...rules,
        },
      };
      const key = method.toLowerCase() === 'any' ? ANY : method.toLowerCase();
      paths[path] = { ...paths[path], [key]: operation };
    }
  }
  const handlers = Object.fromEntries([...names].map(([handler, name]) => [name, handler]));
  return { config: { Spec: { paths }, ...settings }, handlers };
}

const ANY = 'x-amazon-apigateway-any-method';

/** `get-hello-id` for `GET /hello/{id}`: letters, digits and hyphens are legal in a function's name. */
function functionName(method: string, path: string): string {
  const words = `${method}-${path}`.toLowerCase().split(/[^a-z0-9]+/);
  return words
    .filter((word) => word !== '')
    .join('-')
    .slice(0, MAX_NAME);
}

/** `get-hello-id-2` where another route, such as `/hello/id`, has the name. */
function free(name: string, taken: ReadonlySet<string>): string {
  let found = name;
  for (let number = 2; taken.has(found); number += 1) {
    const suffix = `-${number}`;
    found = `${name.slice(0, MAX_NAME - suffix.length)}${suffix}`;
  }
  return found;
}

/** Of a Lambda function. */
const MAX_NAME = 64;

function checkMethods(path: string, methods: unknown): void {
  if (isObject(methods)) return;
  throw new TypeError(
    `Expected \`routes['${path}']\` to be routes by method, as in \`{ get: { handler } }\`, got ${describeValue(methods)}`,
  );
}

function checkRoute(path: string, method: string, route: unknown): void {
  const name = `routes['${path}'].${method}`;
  if (!isObject(route)) {
    throw new TypeError(
      `Expected \`${name}\` to be a route, as in \`{ handler }\`, got ${describeValue(route)}`,
    );
  }
  const { handler } = route as { readonly handler?: unknown };
  if (handler !== undefined && typeof handler !== 'function') {
    throw new TypeError(
      `Expected \`${name}.handler\` to be a function, got ${describeValue(handler)}`,
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
