import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { environmentError } from '../environment.ts';
import { secretHeaders } from './secret-headers.ts';

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/**
 * The exporter of the protocol that the environment asks for (default `http/protobuf`); only that one
 * is loaded. It reads endpoint, headers, compression, certificates and timeout from `OTEL_EXPORTER_OTLP_*`.
 *
 * @throws ConfigError when the protocol is unknown or the secret headers cannot be used
 */
export async function createExporter(): Promise<SpanExporter> {
  const headers = secretHeaders();
  const protocol = readProtocol();
  switch (protocol) {
    case 'http/protobuf': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
      return new OTLPTraceExporter({ headers });
    }
    case 'http/json': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
      return new OTLPTraceExporter({ headers });
    }
    case 'grpc': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
      const { Metadata } = await import('@grpc/grpc-js');
      return new OTLPTraceExporter({ metadata: Metadata.fromHttp2Headers(headers) });
    }
    default:
      return protocol satisfies never;
  }
}

function readProtocol(): Protocol {
  const [variable, value] = firstSet(
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    'OTEL_EXPORTER_OTLP_PROTOCOL',
  );
  if (value === '') return 'http/protobuf';
  const protocol = PROTOCOLS.find((known) => known === value);
  if (protocol) return protocol;
  throw environmentError(variable, `one of ${PROTOCOLS.join(', ')}`, `\`${value}\``);
}

function firstSet(specific: string, general: string): [variable: string, value: string] {
  const value = process.env[specific]?.trim() ?? '';
  return value === '' ? [general, process.env[general]?.trim() ?? ''] : [specific, value];
}
