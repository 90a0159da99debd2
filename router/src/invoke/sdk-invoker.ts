import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  LambdaServiceException,
} from '@aws-sdk/client-lambda';
import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import type { InvokeError } from '../errors.ts';
import { parseFunctionArn } from '../routing/function-arn.ts';
import type { FunctionArn } from '../routing/function-arn.ts';
import { functionFailure, incompleteStream, serviceFailure, transportFailure } from './failures.ts';
import type { Invocation, InvokeAnswer, Invoker } from './invoker.ts';

export interface SdkInvokerOptions {
  /** Default: the region in the function's ARN. */
  readonly region?: string | undefined;
  /** Default: what the SDK finds (`AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`, AWS itself). */
  readonly endpoint?: string | undefined;
  /** Invocations in flight at a time, each on a connection of its own. Default 64. */
  readonly maxSockets?: number;
}

/**
 * Invokes through `@aws-sdk/client-lambda`. Never replays by itself (`maxAttempts: 1`): a batch that
 * may have run is not sent again.
 */
export function sdkInvoker(options: SdkInvokerOptions = {}): Invoker {
  const clients = new Map<string, LambdaClient>();
  const clientFor = (functionArn: FunctionArn): LambdaClient => {
    const region = options.region ?? parseFunctionArn(functionArn)?.region ?? '';
    let client = clients.get(region);
    if (!client) clients.set(region, (client = createClient(region, options)));
    return client;
  };
  return {
    async invoke(invocation) {
      const client = clientFor(invocation.functionArn);
      try {
        return await (invocation.mode === 'stream'
          ? invokeStream(client, invocation)
          : invokeBuffered(client, invocation));
      } catch (error) {
        throw toInvokeError(error);
      }
    },
    async close() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}

function createClient(region: string, { endpoint, maxSockets = 64 }: SdkInvokerOptions) {
  const agent = { maxSockets, keepAlive: true };
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler: { httpAgent: agent, httpsAgent: agent },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

function commandInput({ functionArn, payload, tenantId }: Invocation) {
  return {
    FunctionName: functionArn,
    Payload: payload,
    ...(tenantId === undefined ? {} : { TenantId: tenantId }),
  };
}

async function invokeBuffered(client: LambdaClient, invocation: Invocation): Promise<InvokeAnswer> {
  const command = new InvokeCommand(commandInput(invocation));
  const answer = await client.send(command, { abortSignal: invocation.signal });
  const bytes = answer.Payload ?? new Uint8Array();
  if (answer.FunctionError !== undefined) throw functionFailure(answer.FunctionError, bytes);
  return { type: 'buffered', bytes };
}

async function invokeStream(client: LambdaClient, invocation: Invocation): Promise<InvokeAnswer> {
  const command = new InvokeWithResponseStreamCommand(commandInput(invocation));
  const answer = await client.send(command, { abortSignal: invocation.signal });
  return {
    type: 'stream',
    chunks: payloadChunks(answer.EventStream ?? []),
    contentType: answer.ResponseStreamContentType,
  };
}

async function* payloadChunks(
  events: AsyncIterable<InvokeWithResponseStreamResponseEvent> | Iterable<never>,
): AsyncIterable<Uint8Array> {
  let isComplete = false;
  try {
    for await (const event of events) {
      if (event.PayloadChunk?.Payload) yield event.PayloadChunk.Payload;
      const { ErrorCode, ErrorDetails } = event.InvokeComplete ?? {};
      if (ErrorCode) throw functionFailure(ErrorCode, ErrorDetails ?? '');
      isComplete ||= event.InvokeComplete !== undefined;
    }
    if (!isComplete) throw incompleteStream();
  } catch (error) {
    throw toInvokeError(error);
  }
}

function toInvokeError(error: unknown): InvokeError {
  if (!(error instanceof LambdaServiceException)) return transportFailure(error);
  return serviceFailure({
    status: error.$metadata.httpStatusCode,
    message: `${error.name}: ${error.message}`,
    retryAfter: (error as { retryAfterSeconds?: unknown }).retryAfterSeconds,
    cause: error,
  });
}
