import { diag, DiagLogLevel } from '@opentelemetry/api';
import { diagLogLevelFromString, getStringFromEnv } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { Logger } from 'pino';
import type { StartTracingOptions, Tracing } from '../tracing.ts';
import { createExporter } from './exporter.ts';
import { traceInvocations } from './invocation-spans.ts';
import { batchLimits, spanLimits } from './limits.ts';
import { createPropagator } from './propagator.ts';
import { RequestSpans } from './request-spans.ts';
import { createSampler } from './sampler.ts';

/**
 * Sets OpenTelemetry up for one router, by the environment. Nothing global is registered but the
 * diagnostics logger: several routers may trace in one process, each with a provider of its own.
 */
export async function openTelemetry({ routerId, logger }: StartTracingOptions): Promise<Tracing> {
  logDiagnostics(logger);
  const exporter = await createExporter();
  const provider = new TracerProvider({
    resource: describeRouter(routerId),
    sampler: createSampler(),
    spanLimits: spanLimits(),
    spanProcessors: [new BatchSpanProcessor({ ...batchLimits(), exporter })],
  });
  const tracer = provider.getTracer('lpr-router');
  const requests = new RequestSpans({ routerId, tracer, propagator: createPropagator() });
  const stopInvocations = traceInvocations({ routerId, tracer, requests });
  return {
    start: (request) => requests.start(request),
    async close() {
      stopInvocations();
      requests.close();
      try {
        await provider.shutdown();
      } catch (error) {
        logger.warn({ err: error }, 'traces were not exported');
      }
    },
  };
}

function describeRouter(routerId: string): Resource {
  const own = { [ATTR_SERVICE_NAME]: 'lpr-router', [ATTR_SERVICE_INSTANCE_ID]: routerId };
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  return defaultResource().merge(resourceFromAttributes(own)).merge(detectResources({ detectors }));
}

/** Failing exports would go unseen otherwise. */
function logDiagnostics(logger: Logger): void {
  const log = logger.child({ component: 'opentelemetry' });
  diag.setLogger(
    {
      error: (message) => log.error(message),
      warn: (message) => log.warn(message),
      info: (message) => log.info(message),
      debug: (message) => log.debug(message),
      verbose: (message) => log.trace(message),
    },
    {
      logLevel: diagLogLevelFromString(getStringFromEnv('OTEL_LOG_LEVEL')) ?? DiagLogLevel.INFO,
      suppressOverrideMessage: true,
    },
  );
}
