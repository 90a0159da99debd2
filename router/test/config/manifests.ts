import { checkConfig } from '../../src/config/load.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import { ConfigError, formatProblem } from '../../src/config/problem.ts';

export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

/** The least that makes a manifest with one operation: `GET /hello`. */
export const MINIMAL = `ListenAddr: 127.0.0.1:3000
Spec:
  paths:
    /hello:
      get:
        x-target-lambda: ${ARN}
        x-lpr: { maxWaitMs: 10, maxBatchSize: 4 }
`;

/** Every setting there is, numbers as text. */
export const EVERYTHING = `ListenAddr: '[::1]:0'
AdminAddr: '127.0.0.1:9'
AwsRegion: us-east-1
Invoker: sdk
MaxInflightInvocations: '8'
MaxInflightRequests: '9'
MaxPendingInvocations: '10'
MaxQueueDepthPerKey: '11'
IdleTtlMs: '12'
DefaultTimeoutMs: '500'
KeepAliveTimeoutMs: '7'
StreamIdleTimeoutMs: '13'
DrainDelayMs: '0'
DrainTimeoutMs: '14'
TrustedProxies: '2'
MaxBodyBytes: '1'
MaxInvokePayloadBytes: '2'
MaxRecordBytes: '3'
ClientBufferBytes: '4'
ForwardHeaders: { Allow: [Accept, X-A], Deny: [Cookie] }
Emulator: { Functions: { hello: { Handler: app.handler } } }
Spec:
  paths:
    /hello/{id}:
      x-amazon-apigateway-any-method:
        operationId: hello
        x-target-lambda: ${ARN}:live
        x-lpr:
          maxWaitMs: '20'
          dynamicWait:
            minWaitMs: '0'
            targetRps: '7.5'
            steepness: '.5'
            samplingIntervalMs: '50'
            smoothingSamples: '3'
          maxBatchSize: '2'
          timeoutMs: '100'
          invokeMode: response_stream
          payloadFormat: batch
          maxInFlight: '5'
          retryUnsent: '0'
          tenantId: header:X-Account
          key: [method, header:X-Tenant, query:Q, route, lambda, target_lambda, target-lambda]
`;

/** A manifest whose only operation has this under `x-lpr`. */
export function withLpr(lpr: string, settings = ''): string {
  return `${settings}${MINIMAL.replace('{ maxWaitMs: 10, maxBatchSize: 4 }', lpr)}`;
}

/** All problems of a manifest's text as lines, wherever they are found. */
export function problemsOf(text: string, file = 'router.yaml'): string[] {
  try {
    return checkConfig(parseManifest(text, file)).problems.map(formatProblem);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
