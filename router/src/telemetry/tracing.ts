import type { Logger } from 'pino';
import type { ForwardHeaders } from '../config/router-config.ts';
import type { HeaderMap } from '../http/forward-headers.ts';

/** A request as it came, before it is routed. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  /** The request line's target. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: HeaderMap;
  /** The address the client is taken to have. */
  readonly sourceIp: string;
}

/** The trace of one request; it ends with the request's message on `lpr:request:settled`. */
export interface RequestTrace {
  /**
   * Puts the context of the trace into the headers of an item, before it is turned into text. What
   * `ForwardHeaders` denies stays away; `baggage`, which is the client's, also has to be allowed.
   */
  inject(headers: HeaderMap, rules: ForwardHeaders): void;
}

/** Traces the requests and invocations of one router. */
export interface Tracing {
  /** Begins the span of a request. Each request that is begun has to be settled on the channel. */
  start(request: TracedRequest): RequestTrace;
  /** Exports what is left; bounded by `OTEL_EXPORTER_OTLP_TIMEOUT`. Never rejects. */
  close(): Promise<void>;
}

export interface StartTracingOptions {
  readonly routerId: string;
  /** Told what OpenTelemetry has to say, e.g. that its exports fail. */
  readonly logger: Logger;
}
