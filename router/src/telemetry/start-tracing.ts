import type { StartTracingOptions, Tracing } from './tracing.ts';

/**
 * Starts OpenTelemetry when the environment names an OTLP endpoint (`OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) and does not turn traces off (`OTEL_SDK_DISABLED`,
 * `OTEL_TRACES_EXPORTER`); otherwise resolves to undefined without having loaded it.
 *
 * @throws ConfigError when `LPR_OTEL_HEADERS_JSON` or the protocol cannot be used
 */
export async function startTracing(options: StartTracingOptions): Promise<Tracing | undefined> {
  if (!isTracingOn(process.env)) return undefined;
  const { openTelemetry } = await import('./otel/open-telemetry.ts');
  return openTelemetry(options);
}

function isTracingOn(environment: NodeJS.ProcessEnv): boolean {
  const read = (name: string) => environment[name]?.trim() ?? '';
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  const exporters = read('OTEL_TRACES_EXPORTER') || 'otlp';
  if (!exporters.split(',').some((name) => name.trim() === 'otlp')) return false;
  return (
    read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '' || read('OTEL_EXPORTER_OTLP_ENDPOINT') !== ''
  );
}
