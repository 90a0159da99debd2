import type { FunctionArn } from './function-arn.ts';

/** How the function's answer travels: one JSON document, or records on a stream as they are finished. */
export type InvokeMode = 'buffered' | 'response_stream';

/** A part of the request that separates batches: requests share a batch only when it has the same value in all of them. */
export interface KeyDimension {
  readonly source: 'header' | 'query';
  /** Lower case for a header; as configured, and case-sensitive, for a query parameter. */
  readonly name: string;
}

/** One route: a method of a path template, the function behind it, and how its requests are batched. Checked and immutable. */
export interface Operation {
  /** Upper case (`GET`), or `ANY` for `x-amazon-apigateway-any-method`. */
  readonly method: string;
  /** The path template as configured, e.g. `/hello/{id}`. */
  readonly path: string;
  readonly operationId: string | undefined;
  readonly functionArn: FunctionArn;
  readonly functionName: string;
  readonly qualifier: string | undefined;
  /** The region in the ARN. */
  readonly region: string;
  /** Longest time a batch stays open after its first request, in ms; less than `timeoutMs`. */
  readonly maxWaitMs: number;
  /** A batch leaves as soon as it has this many items; at least 1. */
  readonly maxBatchSize: number;
  /** Longest time from a request's arrival to its answer or the head of it, in ms. */
  readonly timeoutMs: number;
  readonly invokeMode: InvokeMode;
  readonly key: readonly KeyDimension[];
}
