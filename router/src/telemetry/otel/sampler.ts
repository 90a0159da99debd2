import { diag } from '@opentelemetry/api';
import type { Attributes, Context, Link, SpanKind } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';

/**
 * The sampler of `OTEL_TRACES_SAMPLER` (default `parentbased_always_on`), widened: a span that links
 * others from its start, as an invocation does its sampled requests, is sampled with them.
 */
export function createSampler(): Sampler {
  const inner = samplerByName(getStringFromEnv('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on');
  return {
    shouldSample(
      context: Context,
      traceId: string,
      name: string,
      kind: SpanKind,
      attributes: Attributes,
      links: Link[],
    ) {
      return links.length > 0
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : inner.shouldSample(context, traceId, name, kind, attributes, links);
    },
    toString: () => `Linked(${inner.toString()})`,
  };
}

function samplerByName(name: string): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratioSampler();
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: ratioSampler() });
    default:
      // The specification wants a warning and the default.
      diag.warn(`OTEL_TRACES_SAMPLER: unknown sampler \`${name}\`, using parentbased_always_on`);
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}

function ratioSampler(): Sampler {
  const ratio = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1;
  if (ratio >= 0 && ratio <= 1) return new TraceIdRatioBasedSampler(ratio);
  diag.warn(`OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got \`${ratio}\`, using 1`);
  return new TraceIdRatioBasedSampler(1);
}
