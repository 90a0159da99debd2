import type { FunctionArn } from './function-arn.ts';

/** How the function's answer travels: one JSON document, or records on a stream as they are finished. */
export type InvokeMode = 'buffered' | 'response_stream';

/** What an invocation carries: a batch event, or one payload-2.0 request as the whole event (wire contract §2.4). */
export type PayloadFormat = 'batch' | 'single';

/** A window that follows the rate of arrivals of a key: short when they are rare, up to `maxWaitMs` when they are many. */
export interface DynamicWait {
  /** What the window comes near when requests are rare, in ms; at most `maxWaitMs`. */
  readonly minWaitMs: number;
  /** Requests per second at which the window is halfway between the two. */
  readonly targetRps: number;
  /** How fast the window grows around `targetRps`; above 0. */
  readonly steepness: number;
  /** Length of one sample of the rate, in ms. */
  readonly samplingIntervalMs: number;
  /** How many completed samples the rate is the mean of, at most. */
  readonly smoothingSamples: number;
}

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
  /** `undefined` where the window is always `maxWaitMs`. */
  readonly dynamicWait: DynamicWait | undefined;
  /** A batch leaves as soon as it has this many items; at least 1, and 1 for `payloadFormat` `single`. */
  readonly maxBatchSize: number;
  /** Longest time from a request's arrival to its answer or the head of it, in ms. */
  readonly timeoutMs: number;
  readonly invokeMode: InvokeMode;
  readonly payloadFormat: PayloadFormat;
  /** Invocations of the function that may run at a time; `undefined` leaves it to the router's own limit. */
  readonly maxInFlight: number | undefined;
  /** How often an invocation that certainly did not run is sent again; at least 0. */
  readonly retryUnsent: number;
  /** Header, in lower case, whose value goes to Lambda as the tenant's id. Always in `key`, too. */
  readonly tenantHeader: string | undefined;
  readonly key: readonly KeyDimension[];
}
