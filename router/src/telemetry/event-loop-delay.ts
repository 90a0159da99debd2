import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

const RESOLUTION_MS = 20;
const QUANTILES = [0.5, 0.9, 0.99];

/** Measures how late the event loop is; returns what stops it. Each rendering begins a new period. */
export function measureEventLoopDelay(registry: Registry): () => void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // It measures the interval between its ticks, so that an idle loop shows the resolution itself.
  const delaySeconds = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3) : 0;
  const delay = new Gauge({
    name: 'lpr_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last scrape; quantile 1 is the longest.',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const quantile of QUANTILES) {
        this.set({ quantile }, delaySeconds(histogram.percentile(quantile * 100)));
      }
      this.set({ quantile: 1 }, histogram.count === 0 ? 0 : delaySeconds(histogram.max));
      histogram.reset();
    },
  });
  registry.registerMetric(delay);
  return () => histogram.disable();
}
