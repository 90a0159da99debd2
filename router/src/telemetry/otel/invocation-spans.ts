import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { parseFunctionArn } from '../../routing/function-arn.ts';
import { channels } from '../channels.ts';
import type { BatchReleased } from '../channels.ts';
import { subscribeRouter } from '../typed-channel.ts';
import type { RequestSpans } from './request-spans.ts';

export interface TraceInvocationsOptions {
  readonly routerId: string;
  readonly tracer: Tracer;
  readonly requests: RequestSpans;
}

/**
 * One client span per invocation, linked to the spans of its requests and they to it. It is the root
 * of a trace of its own, because no request owns an invocation more than the others do; an
 * invocation whose requests are all unsampled has none. Returns what stops it.
 */
export function traceInvocations(options: TraceInvocationsOptions): () => void {
  const { routerId, tracer, requests } = options;
  const open = new Map<string, Span>();
  const onReleased = (batch: BatchReleased) => {
    const members = batch.requestIds
      .map((id) => requests.get(id))
      .filter((span) => span !== undefined);
    if (members.length === 0) return;
    const span = tracer.startSpan(`invoke ${batch.functionName}`, {
      kind: SpanKind.CLIENT,
      root: true,
      links: members.map((member) => ({ context: member.spanContext() })),
      attributes: invocationAttributes(batch),
    });
    open.set(batch.batchId, span);
    const link = { context: span.spanContext() };
    for (const member of members) {
      member.addLink(link);
      member.setAttribute('lpr.invoke.mode', batch.mode);
    }
  };
  const stops = [
    subscribeRouter(channels.batchReleased, routerId, onReleased),
    subscribeRouter(channels.invocationRetried, routerId, ({ batchId, attempt, delayMs, code }) => {
      const attributes = { 'lpr.retry.attempt': attempt, 'lpr.retry.delay_ms': delayMs };
      open.get(batchId)?.addEvent('retry', { ...attributes, [ATTR_ERROR_TYPE]: code });
    }),
    subscribeRouter(channels.batchSettled, routerId, ({ batchId, failure }) => {
      const span = open.get(batchId);
      if (!span) return;
      open.delete(batchId);
      if (failure !== undefined) {
        span.setAttribute(ATTR_ERROR_TYPE, failure);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const span of open.values()) span.end();
    open.clear();
  };
}

/** The function as the FaaS semantic conventions describe an outgoing invocation. */
function invocationAttributes(batch: BatchReleased): Attributes {
  return {
    'faas.invoked_name': batch.functionName,
    'faas.invoked_provider': 'aws',
    'faas.invoked_region': parseFunctionArn(batch.functionArn)?.region,
    'aws.lambda.invoked_arn': batch.functionArn,
    'lpr.route': batch.route,
    'lpr.batch.id': batch.batchId,
    'lpr.batch.size': batch.size,
    'lpr.batch.wait_ms': batch.waitMs,
    'lpr.batch.release_reason': batch.reason,
    'lpr.invoke.mode': batch.mode,
  };
}
