import { diag } from '@opentelemetry/api';
import type { TextMapPropagator } from '@opentelemetry/api';
import {
  CompositePropagator,
  getStringListFromEnv,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray';

// In the order of reading, a later one wins: an ALB adds its own X-Ray header to a client's W3C ones.
const PROPAGATORS: ReadonlyMap<string, () => TextMapPropagator> = new Map([
  ['xray', () => new AWSXRayPropagator()],
  ['tracecontext', () => new W3CTraceContextPropagator()],
  ['baggage', () => new W3CBaggagePropagator()],
]);

/** Reads and writes the headers of `OTEL_PROPAGATORS`; default: all of `tracecontext`, `baggage` and `xray`. */
export function createPropagator(): TextMapPropagator {
  const asked = new Set(getStringListFromEnv('OTEL_PROPAGATORS') ?? PROPAGATORS.keys());
  for (const name of asked) {
    if (name !== 'none' && !PROPAGATORS.has(name)) {
      diag.warn(`OTEL_PROPAGATORS: \`${name}\` is not supported and left out`);
    }
  }
  const propagators = [...PROPAGATORS]
    .filter(([name]) => asked.has(name) && !asked.has('none'))
    .map(([, create]) => create());
  return new CompositePropagator({ propagators });
}
