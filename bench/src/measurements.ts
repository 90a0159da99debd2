export type Mode = 'buffered' | 'stream';
export const BATCH_SIZES = [1, 4, 16, 64] as const;
export type BatchSize = (typeof BATCH_SIZES)[number];

/** What a router does besides routing. */
export const FEATURES = ['access log', 'tracing'] as const;
export type Feature = (typeof FEATURES)[number];

/** One thing to be measured, in a fresh process. */
export type Measurement =
  /** A bare Fastify route: what an HTTP request costs without any batching. */
  | { readonly type: 'floor' }
  | {
      readonly type: 'router';
      readonly invoker: 'sdk' | 'signed';
      readonly batchSize: BatchSize;
      readonly mode: Mode;
      readonly feature?: Feature;
    }
  /** Only the invocation, without HTTP in front of it. */
  | { readonly type: 'invoker'; readonly invoker: 'sdk' | 'signed'; readonly mode: Mode };

/** Unique, and what `--only` looks into. */
export function nameOf(measurement: Measurement): string {
  switch (measurement.type) {
    case 'floor':
      return 'floor';
    case 'router': {
      const { invoker, mode, batchSize, feature } = measurement;
      return `router ${invoker} ${mode} batch ${batchSize}${feature ? ` with ${feature}` : ''}`;
    }
    case 'invoker':
      return `invoker ${measurement.invoker} ${measurement.mode}`;
    default:
      return measurement satisfies never;
  }
}

/** Everything the page shows. */
export const MEASUREMENTS: readonly Measurement[] = [
  { type: 'floor' },
  ...BATCH_SIZES.flatMap((batchSize) =>
    (['buffered', 'stream'] as const).flatMap((mode) =>
      (['sdk', 'signed'] as const).map(
        (invoker) => ({ type: 'router', invoker, batchSize, mode }) as const,
      ),
    ),
  ),
  ...FEATURES.map(
    (feature) =>
      ({ type: 'router', invoker: 'signed', batchSize: 16, mode: 'buffered', feature }) as const,
  ),
  ...(['buffered', 'stream'] as const).flatMap((mode) =>
    (['sdk', 'signed'] as const).map((invoker) => ({ type: 'invoker', invoker, mode }) as const),
  ),
];

/** What was seen in one stretch of time. */
export interface Observation {
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
}

/** What one measurement gave. */
export interface Result {
  readonly name: string;
  readonly round: number;
  readonly flatOut: Observation;
  /** Undefined for an `invoker`, which loads itself. */
  readonly sameRate: Observation | undefined;
  /** Mean items of an invocation; 0 for the floor. */
  readonly batchSize: number;
  readonly rssMegabytes: number;
}
