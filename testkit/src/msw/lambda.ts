import { setTimeout } from 'node:timers/promises';
import type { InvocationMode } from 'lpr-router';
import { http, HttpResponse } from 'msw';
import type { HttpHandler } from 'msw';
import { EVENT_STREAM_CONTENT_TYPE, invokeComplete, payloadChunk } from '../event-stream.ts';
import { lambdaContext } from '../factories/lambda-context.ts';
import { startFunction, thrownBy } from '../run-handler.ts';
import type { TestHandler } from '../run-handler.ts';
import { Cut, failurePayload, FunctionFailure } from './outcome.ts';
import type { LambdaCall, LambdaOutcome, LambdaPreset } from './outcome.ts';
import { checkFunction } from './presets.ts';

/** A handler, as it is deployed, or a preset. */
export type LambdaFunction = TestHandler | LambdaPreset;

export interface LambdaHandlersOptions {
  /** Where the Lambda API is; default: anywhere. */
  readonly endpoint?: string;
  /** Between the chunks of a stream, in ms; default 0. */
  readonly paceMs?: number;
}

/**
 * msw handlers for `Invoke` and `InvokeWithResponseStream`, for `setupServer(...lambda({ hello: handler }))`. Functions
 * are found by name, whether a caller names them by name, partial ARN or ARN; others are 404 ResourceNotFoundException.
 * msw's own `setupServer` sees the AWS SDK; that of `lpr-testkit/msw` sees a router with any `Invoker`, too.
 */
export function lambda(
  functions: Readonly<Record<string, LambdaFunction>>,
  { endpoint = '*', paceMs = 0 }: LambdaHandlersOptions = {},
): HttpHandler[] {
  for (const [name, target] of Object.entries(functions)) checkFunction(name, target);
  let calls = 0;
  const serve = async (request: Request, name: unknown, mode: InvocationMode) => {
    calls += 1;
    const payload = new Uint8Array(await request.arrayBuffer());
    const call: LambdaCall = {
      functionName: decodeURIComponent(String(name)),
      mode,
      payload,
      event: parsed(payload),
      requestId: `00000000-0000-4000-8000-${String(calls).padStart(12, '0')}`,
      tenantId: request.headers.get('x-amz-tenant-id') ?? undefined,
      signal: request.signal,
    };
    const functionName = nameOf(call.functionName);
    const target = Object.hasOwn(functions, functionName) ? functions[functionName] : undefined;
    const type = request.headers.get('x-amz-invocation-type');
    if (target && type === 'DryRun') return new HttpResponse(null, { status: 204 });
    const outcome = target ? play(target, functionName, call) : notFound(functionName);
    if (target && type === 'Event') {
      // Nobody hears of it any more, whatever becomes of it.
      Promise.resolve(outcome).catch(() => undefined);
      return new HttpResponse(null, { status: 202 });
    }
    return respond(await outcome, call, paceMs);
  };
  const base = endpoint.replace(/\/$/, '');
  return [
    http.post(`${base}/2015-03-31/functions/:name/invocations`, ({ request, params }) =>
      serve(request, params['name'], 'buffered'),
    ),
    http.post(
      `${base}/2021-11-15/functions/:name/response-streaming-invocations`,
      ({ request, params }) => serve(request, params['name'], 'stream'),
    ),
  ];
}

/** No event is an empty one, as for Lambda. */
function parsed(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload).toString() || '{}');
}

/** `hello` of a name, `123456789012:function:hello`, or an ARN, each with or without a qualifier. */
function nameOf(reference: string): string {
  const parts = reference.split(':');
  const before = parts.indexOf('function');
  return (before < 0 ? parts[0] : parts[before + 1]) ?? '';
}

async function play(
  target: LambdaFunction,
  functionName: string,
  call: LambdaCall,
): Promise<LambdaOutcome> {
  if (typeof target === 'object') return target.preset(call);
  const { requestId: awsRequestId, tenantId } = call;
  const context = lambdaContext({
    functionName,
    awsRequestId,
    ...(tenantId === undefined ? {} : { tenantId }),
  });
  try {
    return await startFunction(target, call.event, context, call.mode);
  } catch (error) {
    return { type: 'function_error', payload: failurePayload(thrownBy(error)) };
  }
}

function notFound(functionName: string): LambdaOutcome {
  const body = { Type: 'User', Message: `Function not found: ${functionName}` };
  return { type: 'refused', status: 404, exception: 'ResourceNotFoundException', body };
}

function respond(
  outcome: LambdaOutcome,
  { mode, requestId }: LambdaCall,
  paceMs: number,
): Response {
  const headers = { 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' };
  const json = { ...headers, 'content-type': 'application/json' };
  switch (outcome.type) {
    case 'buffered':
      return new HttpResponse(Buffer.from(outcome.bytes), { headers: json });
    case 'function_error': {
      if (mode === 'stream') return streamed(fail(outcome.payload), headers, paceMs);
      const failed = { ...json, 'x-amz-function-error': 'Unhandled' };
      return new HttpResponse(outcome.payload, { headers: failed });
    }
    case 'refused': {
      const { status, exception, retryAfterSeconds } = outcome;
      const retry =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      const refusal = { ...json, ...retry, 'x-amzn-errortype': exception };
      return new HttpResponse(JSON.stringify(outcome.body), { status, headers: refusal });
    }
    case 'cut':
      return HttpResponse.error();
    case 'stream':
      return streamed(outcome.chunks, headers, paceMs);
    default:
      return outcome satisfies never;
  }
}

async function* fail(payload: string): AsyncGenerator<Uint8Array> {
  yield* [];
  throw new FunctionFailure(payload);
}

function streamed(
  chunks: AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>>,
  paceMs: number,
): Response {
  const body = ReadableStream.from(frames(chunks, paceMs));
  return new HttpResponse(body, {
    headers: { ...headers, 'content-type': EVENT_STREAM_CONTENT_TYPE },
  });
}

async function* frames(
  chunks: AsyncIterable<Uint8Array>,
  paceMs: number,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      if (paceMs > 0) await setTimeout(paceMs);
      yield payloadChunk(chunk);
    }
  } catch (error) {
    if (error instanceof Cut) throw error;
    const ErrorDetails = failurePayload(thrownBy(error));
    yield invokeComplete({ ErrorCode: 'Unhandled', ErrorDetails });
    return;
  }
  yield invokeComplete({});
}
