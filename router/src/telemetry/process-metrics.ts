import { readdirSync } from 'node:fs';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/**
 * The process metrics that Prometheus clients have in common, read when they are rendered.
 * prom-client's own default metrics keep observers that cannot be stopped; these keep nothing.
 */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  const cpu = (name: string, help: string, read: (usage: NodeJS.CpuUsage) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(process.cpuUsage()) / 1e6);
      },
    });
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });

  cpu('process_cpu_user_seconds_total', 'User CPU time.', ({ user }) => user);
  cpu('process_cpu_system_seconds_total', 'System CPU time.', ({ system }) => system);
  cpu('process_cpu_seconds_total', 'CPU time.', ({ user, system }) => user + system);
  const startedAt = Math.round(Date.now() / 1000 - process.uptime());
  gauge('process_start_time_seconds', 'When the process started, Unix time.', () => startedAt);
  gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('process_open_fds', 'Open file descriptors.', openFileDescriptors);
  gauge('nodejs_heap_size_total_bytes', 'Size of the heap.', () => process.memoryUsage().heapTotal);
  gauge('nodejs_heap_size_used_bytes', 'Used heap.', () => process.memoryUsage().heapUsed);
  gauge(
    'nodejs_external_memory_bytes',
    'Memory of buffers and other objects outside the heap.',
    () => process.memoryUsage().external,
  );
}

/** Undefined where there is no `/proc`. */
function openFileDescriptors(): number | undefined {
  try {
    // The listing itself holds one.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}
