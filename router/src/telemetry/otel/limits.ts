import { getNumberFromEnv } from '@opentelemetry/core';
import type { BatchSpanProcessorOptions, SpanLimits } from '@opentelemetry/sdk-trace';

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** `OTEL_SPAN_*` and `OTEL_ATTRIBUTE_*`. Links are unlimited by default: a batch links all its requests. */
export function spanLimits(): SpanLimits {
  return defined({
    attributeCountLimit: first('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'),
    attributeValueLengthLimit: first(
      'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    ),
    eventCountLimit: first('OTEL_SPAN_EVENT_COUNT_LIMIT'),
    linkCountLimit: first('OTEL_SPAN_LINK_COUNT_LIMIT') ?? Infinity,
    attributePerEventCountLimit: first('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT'),
    attributePerLinkCountLimit: first('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'),
  });
}

/** `OTEL_BSP_*`. */
export function batchLimits(): Omit<BatchSpanProcessorOptions, 'exporter'> {
  return defined({
    scheduledDelayMillis: first('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: first('OTEL_BSP_EXPORT_TIMEOUT'),
    maxQueueSize: first('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: first('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
  });
}

function first(...variables: string[]): number | undefined {
  for (const variable of variables) {
    const value = getNumberFromEnv(variable);
    if (value !== undefined && value >= 0) return value;
  }
  return undefined;
}

/** The SDK takes an option that is there but undefined for one that was given. */
function defined<T extends object>(options: T): Defined<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
