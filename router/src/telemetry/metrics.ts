import { Gauge, Registry } from 'prom-client';
import { batchMetrics } from './batch-metrics.ts';
import { measureEventLoopDelay } from './event-loop-delay.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { requestMetrics } from './request-metrics.ts';

/** What is asked when the metrics are rendered. */
export interface MetricGauges {
  /** Requests that are accepted and not yet handed to an invocation. */
  queueDepth(): number;
  /** Batches whose window is open. */
  openBatches(): number;
  inflightInvocations(): number;
  /** Requests that have no whole answer yet. */
  inflightRequests(): number;
}

export interface CreateMetricsOptions {
  readonly routerId: string;
  readonly gauges: MetricGauges;
}

export interface Metrics {
  /** The Prometheus text format. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Stops counting. */
  close(): void;
}

/**
 * Counts what the channels of one router tell, in a registry of its own. Labels are route templates,
 * function names and fixed words only, so their number is bounded by the configuration.
 */
export function createMetrics({ routerId, gauges }: CreateMetricsOptions): Metrics {
  const registry = new Registry();
  registerGauges(registry, gauges);
  registerProcessMetrics(registry);
  const stops = [
    requestMetrics(registry, routerId),
    batchMetrics(registry, routerId),
    measureEventLoopDelay(registry),
  ];
  return {
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

function registerGauges(registry: Registry, gauges: MetricGauges): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('lpr_queue_depth', 'Requests accepted and not yet handed to an invocation.', () =>
    gauges.queueDepth(),
  );
  gauge('lpr_open_batches', 'Batches whose window is open.', () => gauges.openBatches());
  gauge('lpr_inflight_invocations', 'Invocations that have not ended.', () =>
    gauges.inflightInvocations(),
  );
  gauge('lpr_inflight_requests', 'Requests without a whole answer.', () =>
    gauges.inflightRequests(),
  );
}
