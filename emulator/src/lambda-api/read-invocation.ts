import type { IncomingHttpHeaders } from 'node:http';
import { functionArn, parseFunctionReference } from '../functions/function-name.ts';
import type { InvocableFunctions } from '../functions/registry.ts';
import { LATEST } from '../runtime/context.ts';
import { apiErrors } from './error-body.ts';

/** What of an invoke request is the same for both operations. */
export interface InvocationRequest {
  readonly functionName: string;
  /** What `X-Amz-Executed-Version` says; every qualifier runs the same code. */
  readonly executedVersion: string;
  readonly invokedFunctionArn: string;
  readonly payload: Uint8Array;
  readonly clientContext?: unknown;
  readonly tenantId?: string;
}

/** The parts of an HTTP request that name and feed an invocation. */
export interface RawInvocationRequest {
  /** Percent-decoded: a name, a partial ARN or an ARN. */
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Checks an invoke request in the order in which Lambda does; throws a `LambdaApiError`. */
export function readInvocation(
  request: RawInvocationRequest,
  registry: InvocableFunctions,
): InvocationRequest {
  const reference = parseFunctionReference(request.functionName);
  if (reference === undefined) throw apiErrors.badFunctionName(request.functionName);
  const { qualifier } = request;
  if (
    reference.qualifier !== undefined &&
    qualifier !== undefined &&
    reference.qualifier !== qualifier
  ) {
    throw apiErrors.badParameter(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const named = { ...reference, qualifier: reference.qualifier ?? qualifier };
  if (!registry.has(named.name)) {
    const known = registry.functions.map(({ name }) => name);
    throw apiErrors.functionNotFound(functionArn(named), known);
  }
  checkJson(request.body);
  const tenantId = header(request.headers, 'x-amz-tenant-id');
  const context = header(request.headers, 'x-amz-client-context');
  return {
    functionName: named.name,
    executedVersion: /^\d+$/.test(named.qualifier ?? '') ? String(named.qualifier) : LATEST,
    invokedFunctionArn: functionArn(named),
    payload: request.body,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(context === undefined ? {} : { clientContext: parseClientContext(context) }),
  };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function checkJson(body: Uint8Array): void {
  if (body.byteLength === 0) return;
  try {
    JSON.parse(decoder.decode(body));
  } catch (error) {
    throw apiErrors.badPayload(error instanceof Error ? error.message : String(error));
  }
}

function parseClientContext(text: string): unknown {
  try {
    const context: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (typeof context === 'object' && context !== null) return context;
  } catch {
    // Refused below, like any JSON that is no object.
  }
  throw apiErrors.badClientContext();
}
