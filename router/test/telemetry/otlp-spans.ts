import { fileURLToPath } from 'node:url';
import { load } from 'protobufjs';
import type { Type } from 'protobufjs';

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** A span as a receiver got it; ids in hexadecimal, whatever the encoding. */
export interface ReceivedSpan extends SpanLink {
  readonly parentSpanId: string;
  readonly name: string;
  /** 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Record<string, unknown>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Record<string, unknown>;
  }[];
  readonly links: readonly SpanLink[];
  /** 0 unset, 2 error. */
  readonly status: number;
  readonly resource: Record<string, unknown>;
}

/** Reads the protobuf encoding into the shape of the JSON encoding. */
export async function requestType(): Promise<Type> {
  const root = await load(fileURLToPath(new URL('otlp.proto', import.meta.url)));
  return root.lookupType('otlp.ExportTraceServiceRequest');
}

export function decodeProtobuf(type: Type, bytes: Uint8Array): ReceivedSpan[] {
  const request = type.toObject(type.decode(bytes), { bytes: Buffer, longs: Number });
  return readSpans(request as ExportRequest, (id) => Buffer.from(id as Uint8Array).toString('hex'));
}

export function decodeJson(text: string): ReceivedSpan[] {
  return readSpans(JSON.parse(text) as ExportRequest, String);
}

interface KeyValue {
  readonly key: string;
  readonly value: Record<string, unknown>;
}
interface WireLink {
  readonly traceId: unknown;
  readonly spanId: unknown;
}
interface WireSpan extends WireLink {
  readonly parentSpanId?: unknown;
  readonly name: string;
  readonly kind: number;
  readonly attributes?: KeyValue[];
  readonly events?: { readonly name: string; readonly attributes?: KeyValue[] }[];
  readonly links?: WireLink[];
  readonly status?: { readonly code?: number };
}
interface ExportRequest {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: KeyValue[] };
    readonly scopeSpans: { readonly spans: WireSpan[] }[];
  }[];
}

function readSpans(request: ExportRequest, hex: (id: unknown) => string): ReceivedSpan[] {
  const link = ({ traceId, spanId }: WireLink) => ({ traceId: hex(traceId), spanId: hex(spanId) });
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...link(span),
        parentSpanId: span.parentSpanId === undefined ? '' : hex(span.parentSpanId),
        name: span.name,
        kind: span.kind,
        attributes: record(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({
          name,
          attributes: record(attributes),
        })),
        links: (span.links ?? []).map(link),
        status: span.status?.code ?? 0,
        resource: record(resource.attributes),
      })),
    ),
  );
}

function record(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
