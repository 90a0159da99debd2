import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span, TextMapPropagator, Tracer } from '@opentelemetry/api';
import type { ForwardHeaders } from '../../config/router-config.ts';
import type { HeaderMap } from '../../http/forward-headers.ts';
import { channels, UNMATCHED_ROUTE } from '../channels.ts';
import type { RequestSettled } from '../channels.ts';
import type { RequestTrace, TracedRequest } from '../tracing.ts';
import { subscribeRouter } from '../typed-channel.ts';
import { methodName, requestAttributes, settledAttributes } from './request-attributes.ts';

export interface RequestSpansOptions {
  readonly routerId: string;
  readonly tracer: Tracer;
  readonly propagator: TextMapPropagator;
}

const HEADER_GETTER = {
  get: (headers: HeaderMap, name: string) => headers[name],
  keys: (headers: HeaderMap) => Object.keys(headers),
};

/** The server spans of one router's requests, from their arrival until they are settled. */
export class RequestSpans {
  readonly #options: RequestSpansOptions;
  /** Those that are recorded. */
  readonly #open = new Map<string, Span>();
  readonly #unsubscribe: () => void;

  constructor(options: RequestSpansOptions) {
    this.#options = options;
    this.#unsubscribe = subscribeRouter(channels.requestSettled, options.routerId, (message) =>
      this.#end(message),
    );
  }

  start(request: TracedRequest): RequestTrace {
    const { tracer, propagator } = this.#options;
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, HEADER_GETTER);
    const span = tracer.startSpan(
      methodName(request.method),
      { kind: SpanKind.SERVER, attributes: requestAttributes(request) },
      parent,
    );
    if (span.isRecording()) this.#open.set(request.requestId, span);
    const context = trace.setSpan(parent, span);
    return { inject: (headers, rules) => this.#inject(context, headers, rules) };
  }

  /** The span of a request that is recorded and not settled. */
  get(requestId: string): Span | undefined {
    return this.#open.get(requestId);
  }

  /** Ends what is still open. */
  close(): void {
    this.#unsubscribe();
    for (const span of this.#open.values()) span.end();
    this.#open.clear();
  }

  #inject(context: Context, headers: HeaderMap, { allow, deny }: ForwardHeaders): void {
    const { propagator } = this.#options;
    const mayPass = (name: string) =>
      !deny.has(name) && (name !== 'baggage' || !allow || allow.has(name));
    // The client's own would stay where the context has none to put over them (`tracestate`).
    for (const name of propagator.fields()) delete headers[name];
    propagator.inject(context, headers, {
      set(carrier, name, value) {
        if (mayPass(name)) carrier[name] = value;
      },
    });
  }

  #end(message: RequestSettled): void {
    const span = this.#open.get(message.requestId);
    if (!span) return;
    this.#open.delete(message.requestId);
    if (message.route !== UNMATCHED_ROUTE) {
      span.updateName(`${methodName(message.method)} ${message.route}`);
    }
    span.setAttributes(settledAttributes(message));
    // A client's mistake is no error of the server (HTTP semantic conventions).
    const { status, failure } = message;
    const broken = failure !== undefined && (status === undefined || status < 400);
    if (broken || (status ?? 0) >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}
