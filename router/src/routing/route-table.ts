import type { Operation } from './operation.ts';

/** What a method and a path lead to. */
export type RouteMatch =
  | {
      readonly type: 'match';
      readonly operation: Operation;
      /** The configured method and template, e.g. `GET /hello/{id}` or `ANY /{proxy+}`. */
      readonly routeKey: string;
      /** Percent-decoded; `undefined` when the template has no parameter. */
      readonly pathParameters: Record<string, string> | undefined;
    }
  | { readonly type: 'not_found' }
  | { readonly type: 'method_not_allowed'; readonly allow: readonly string[] }
  | { readonly type: 'bad_path' };

/** Immutable; reloading makes a new one. */
export interface RouteTable {
  /** `method` in upper case; `rawPath` as received, undecoded, without the query. */
  match(method: string, rawPath: string): RouteMatch;
}

/** Compiles operations to a table that answers in time proportional to the path. */
export function compileRoutes(operations: readonly Operation[]): RouteTable {
  throw new Error(`Expected the route table to be finished, got ${operations.length} operations`);
}
