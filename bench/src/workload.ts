/** What is asked and what has to be answered, known to every process. */
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

/** Headers as a command-line client or a service sends them; a browser sends three times as many. */
export const REQUEST_HEADERS = {
  host: 'bench.example.com',
  'user-agent': 'lpr-bench/1.0',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate',
  'x-request-source': 'closed-loop',
} as const;

/** The target of the nth request. */
export function targetOf(n: number): string {
  return `/hello/${n}?verbose=1`;
}

/** The body that answers a request for this id. */
export function answerTo(id: string): string {
  return JSON.stringify({ id, message: 'Hello from the other side', ok: true });
}

/** Only the manifest's operation is batched; its window is long enough to fill every batch under load. */
export function manifestOf(options: {
  readonly port: number;
  readonly invoker: 'sdk' | 'signed';
  readonly batchSize: number;
  readonly mode: 'buffered' | 'stream';
  readonly connections: number;
}): object {
  return {
    ListenAddr: `127.0.0.1:${options.port}`,
    Invoker: options.invoker,
    MaxInflightInvocations: options.connections,
    MaxPendingInvocations: options.connections,
    Spec: {
      openapi: '3.0.0',
      paths: {
        '/hello/{id}': {
          get: {
            'x-target-lambda': FUNCTION_ARN,
            'x-lpr': {
              maxWaitMs: options.batchSize === 1 ? 0 : 20,
              maxBatchSize: options.batchSize,
              timeoutMs: 10_000,
              invokeMode: options.mode === 'stream' ? 'response_stream' : 'buffered',
            },
          },
        },
      },
    },
  };
}
