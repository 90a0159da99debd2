import type { Operation } from './operation.ts';
import { parsePathTemplate } from './path-template.ts';
import { SegmentTrie } from './segment-trie.ts';

/** What a method and a path lead to. */
export type RouteMatch =
  | {
      readonly type: 'match';
      readonly operation: Operation;
      /** The configured method and template, e.g. `GET /hello/{id}` or `ANY /{proxy+}`. */
      readonly routeKey: string;
      /** Percent-decoded, a greedy one with its slashes; `undefined` when the template has no parameter. */
      readonly pathParameters: Record<string, string> | undefined;
    }
  | { readonly type: 'not_found' }
  /** `allow` lists the methods that the path does have, in alphabetical order. */
  | { readonly type: 'method_not_allowed'; readonly allow: readonly string[] }
  /** A parameter is not the percent-encoding of UTF-8 text. */
  | { readonly type: 'bad_path' };

/** Immutable; reloading makes a new one. */
export interface RouteTable {
  /**
   * Finds the operation for a request: first the most specific template that matches the path, then its
   * operation for the method, failing that its `ANY` operation.
   *
   * `method` in upper case; `rawPath` as received, undecoded, without the query.
   */
  match(method: string, rawPath: string): RouteMatch;
}

/** The operations of one template. */
interface Route {
  readonly byMethod: Map<string, RouteMatch & { readonly type: 'match' }>;
  notAllowed: RouteMatch;
}

const NOT_FOUND: RouteMatch = { type: 'not_found' };
const BAD_PATH: RouteMatch = { type: 'bad_path' };

/**
 * Compiles checked operations to a table.
 *
 * @throws Error when a template is malformed or two of them, or two operations of one, match the same requests
 */
export function compileRoutes(operations: readonly Operation[]): RouteTable {
  // A template without parameters beats every other, so a single lookup of the whole path comes first.
  const literal = new Map<string, Route>();
  const trie = new SegmentTrie<Route>();
  const byShape = new Map<string, { readonly path: string; readonly route: Route }>();

  for (const operation of operations) {
    const { method, path } = operation;
    const parsed = parsePathTemplate(path);
    if (!parsed.ok) throw new Error(`Expected ${parsed.expected}, got \`${path}\``);
    const { segments, shape } = parsed.template;
    let known = byShape.get(shape);
    if (known === undefined) {
      known = { path, route: { byMethod: new Map(), notAllowed: NOT_FOUND } };
      byShape.set(shape, known);
      if (segments.every(({ type }) => type === 'static')) literal.set(path, known.route);
      else trie.add(segments, known.route);
    }
    if (known.path !== path || known.route.byMethod.has(method)) {
      throw new Error(
        `Expected each route once, got \`${method} ${path}\` beside \`${known.path}\``,
      );
    }
    const routeKey = `${method} ${path}`;
    known.route.byMethod.set(method, {
      type: 'match',
      operation,
      routeKey,
      pathParameters: undefined,
    });
    const allow = [...known.route.byMethod.keys()].toSorted();
    known.route.notAllowed = { type: 'method_not_allowed', allow };
  }

  return {
    match(method, rawPath) {
      const route = literal.get(rawPath);
      if (route !== undefined) return operationOf(route, method);
      if (!rawPath.startsWith('/')) return NOT_FOUND;
      const entry = trie.find(rawPath);
      if (entry === undefined) return NOT_FOUND;
      const match = operationOf(entry.value, method);
      if (match.type !== 'match') return match;
      const pathParameters: Record<string, string> = {};
      for (let index = 0; index < entry.names.length; index++) {
        const value = decode(trie.parameter(index));
        if (value === undefined) return BAD_PATH;
        pathParameters[entry.names[index]!] = value;
      }
      const { operation, routeKey } = match;
      return { type: 'match', operation, routeKey, pathParameters };
    },
  };
}

function operationOf(route: Route, method: string): RouteMatch {
  return route.byMethod.get(method) ?? route.byMethod.get('ANY') ?? route.notAllowed;
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
