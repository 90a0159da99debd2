import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { systemClock } from 'lpr-router';
import type { Clock } from 'lpr-router';
import { ThrottledError } from '../functions/concurrency.ts';
import type { InvocableFunctions } from '../functions/registry.ts';
import { MAX_EVENT_BYTES } from '../limits.ts';
import { LambdaApiError, apiErrors, errorBody } from './error-body.ts';
import { EventQueue } from './event-queue.ts';
import { invoke } from './invoke.ts';
import type { InvokeOptions } from './invoke.ts';
import { invokeStream } from './invoke-stream.ts';
import type { InvocationRequest } from './read-invocation.ts';
import { readInvocation } from './read-invocation.ts';

/** Where a Lambda API listens and what it invokes. */
export interface LambdaApiOptions {
  readonly registry: InvocableFunctions;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Told of what is the emulator's own fault, beside the `ServiceException` that the client gets. */
  readonly onError?: (error: unknown) => void;
  /** Of the retries of `Event` invocations; the system's by default. */
  readonly clock?: Clock;
}

/** A running Lambda API. */
export interface LambdaApi {
  /** For `AWS_ENDPOINT_URL_LAMBDA`. */
  readonly url: string;
  /** Stops listening and waits for the invocations under way; events that wait for a retry are dropped. */
  close(): Promise<void>;
}

interface InvokeRoute {
  Params: { functionName: string };
  Querystring: { Qualifier?: string };
  Body: Uint8Array | undefined;
}

type Operation = (
  registry: InvocableFunctions,
  request: InvocationRequest,
  options: InvokeOptions,
  reply: FastifyReply,
) => Promise<void>;

const OPERATIONS: Record<string, { readonly name: string; readonly run: Operation }> = {
  '/2015-03-31/functions/:functionName/invocations': { name: 'InvokeFunction', run: invoke },
  '/2021-11-15/functions/:functionName/response-streaming-invocations': {
    name: 'InvokeWithResponseStream',
    run: invokeStream,
  },
};

// A whole ARN with its qualifier; find-my-way refuses parameters longer than 100 by default.
const MAX_FUNCTION_NAME = 400;

/**
 * Serves the two invoke operations of the Lambda API to unmodified SDKs and CLIs. Signatures are not
 * checked. Rejects when the address cannot be listened on.
 */
export async function startLambdaApi(options: LambdaApiOptions): Promise<LambdaApi> {
  const { registry, clock = systemClock } = options;
  const events = new EventQueue(registry, clock);
  const server = createServer(options, events);
  const url = await server.listen({ host: options.host, port: options.port });
  return {
    url,
    async close() {
      await server.close();
      await events.close();
    },
  };
}

function createServer(
  { registry, onError }: LambdaApiOptions,
  events: EventQueue,
): FastifyInstance {
  const server = fastify({
    bodyLimit: MAX_EVENT_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: MAX_FUNCTION_NAME },
    frameworkErrors: (_error, request, reply) => {
      refuse(apiErrors.unknownOperation(request.method, request.url), request.id, reply);
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // Lambda takes the payload for JSON whatever the type says; Fastify would refuse a malformed one.
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers['content-type'] !== undefined) {
      request.headers['content-type'] = 'application/json';
    }
    reply.header('x-amzn-requestid', request.id);
    done();
  });
  for (const [url, { run }] of Object.entries(OPERATIONS)) {
    server.post<InvokeRoute>(url, async (request, reply) => {
      const options = { ...readOptions(request, reply), events };
      await run(registry, readRequest(request, registry), options, reply);
      return reply;
    });
  }
  server.setNotFoundHandler((request, reply) => {
    refuse(apiErrors.unknownOperation(request.method, request.url), request.id, reply);
  });
  server.setErrorHandler((error, request, reply) => {
    const refusal = toApiError(error, request);
    if (refusal.status >= 500) onError?.(error);
    refuse(refusal, request.id, reply);
  });
  return server;
}

function readRequest(
  request: FastifyRequest<InvokeRoute>,
  registry: InvocableFunctions,
): InvocationRequest {
  return readInvocation(
    {
      functionName: request.params.functionName,
      qualifier: request.query.Qualifier,
      headers: request.headers,
      body: request.body ?? new Uint8Array(),
    },
    registry,
  );
}

function readOptions(request: FastifyRequest, reply: FastifyReply): Omit<InvokeOptions, 'events'> {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    requestId: request.id,
    invocationType: header('x-amz-invocation-type'),
    logType: header('x-amz-log-type'),
    signal: gone.signal,
  };
}

function toApiError(error: unknown, request: FastifyRequest): LambdaApiError {
  if (error instanceof LambdaApiError) return error;
  if (error instanceof ThrottledError) return apiErrors.throttled(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return apiErrors.internal();
  const operation = OPERATIONS[request.routeOptions.url ?? '']?.name ?? 'Invoke';
  return apiErrors.tooLarge(MAX_EVENT_BYTES, operation);
}

function refuse(error: LambdaApiError, requestId: string, reply: FastifyReply): void {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  void reply
    .code(error.status)
    .header('x-amzn-errortype', error.type)
    .header('x-amzn-requestid', requestId)
    .type('application/json')
    .send(errorBody(error));
}
