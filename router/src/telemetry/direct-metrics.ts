import { Counter } from 'prom-client';
import type { CounterConfiguration, Histogram, HistogramConfiguration } from 'prom-client';

// For what is counted with every request. prom-client sorts, joins and hashes the labels at each event, even by
// way of `labels()`: a microsecond and 400 bytes every time. Here a combination of labels is looked up once.

/** The events of one combination of labels. */
export class DirectCount {
  /** Since the metrics were last rendered. */
  pending = 0;

  inc(by = 1): void {
    this.pending += by;
  }
}

export interface DirectCounter {
  /** To be kept: each call makes another, whose events are added to those of the same labels. */
  labels(...values: string[]): DirectCount;
}

/** A counter of prom-client's that is told of events when it is rendered. */
export function directCounter(configuration: CounterConfiguration<string>): DirectCounter {
  const counts: { readonly direct: DirectCount; readonly counter: Counter.Internal }[] = [];
  const counter = new Counter({
    ...configuration,
    collect() {
      for (const { direct, counter: told } of counts) {
        if (direct.pending > 0) told.inc(direct.pending);
        direct.pending = 0;
      }
    },
  });
  return {
    labels(...values) {
      const direct = new DirectCount();
      counts.push({ direct, counter: counter.labels(...values) });
      return direct;
    },
  };
}

/** A line of a histogram, as prom-client renders it. */
interface Line {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/** The values of one combination of labels. */
export class DirectObservations {
  readonly #labels: Record<string, string>;
  readonly #bounds: readonly number[];
  /** By bucket, each without those below it; the last one is above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(labels: Record<string, string>, bounds: readonly number[]) {
    this.#labels = labels;
    this.#bounds = bounds;
    this.#counts = [...bounds, Infinity].map(() => 0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  lines(name: string): Line[] {
    const labels = this.#labels;
    let count = 0;
    const buckets = this.#counts.map((own, index): Line => {
      count += own;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

export interface DirectHistogram {
  /** The same for the same labels; to be kept. */
  labels(...values: string[]): DirectObservations;
}

/** A histogram in prom-client's registries that keeps its own buckets. */
export function directHistogram(
  configuration: HistogramConfiguration<string> & { readonly buckets: number[] },
): DirectHistogram {
  const { name, help, labelNames = [], buckets, registers = [] } = configuration;
  const observed = new Map<string, DirectObservations>();
  const type = 'histogram';
  const metric = {
    name,
    async get() {
      const values = [...observed.values()].flatMap((observations) => observations.lines(name));
      return { name, help, type, aggregator: 'sum', values };
    },
  };
  // A registry asks no more of a metric than its name and `get()`.
  for (const registry of registers) registry.registerMetric(metric as unknown as Histogram);
  return {
    labels(...values) {
      const key = JSON.stringify(values);
      let observations = observed.get(key);
      if (!observations) {
        const labels = labelNames.map((label, index) => [label, values[index]!]);
        observations = new DirectObservations(Object.fromEntries(labels), buckets);
        observed.set(key, observations);
      }
      return observations;
    },
  };
}
