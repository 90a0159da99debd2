import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';

/** An emulator with the adapter's conformance functions. */
export interface ConformanceEmulator {
  /** Of its Lambda API. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts one; each function is this project's adapter around the conformance handler. */
export async function startConformanceEmulator(): Promise<ConformanceEmulator> {
  const CodeUri = fileURLToPath(new URL('functions', import.meta.url));
  const route = (name: string) => ({
    get: {
      operationId: name,
      'x-target-lambda': `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
      'x-lpr': { maxWaitMs: 10, maxBatchSize: 4 },
    },
  });
  const emulator = await startEmulator({
    port: 0,
    config: {
      Spec: { paths: { '/buffered': route('buffered'), '/streamed': route('streamed') } },
      Emulator: {
        Functions: {
          buffered: { Handler: `${CodeUri}/conformance.buffered` },
          streamed: { Handler: `${CodeUri}/conformance.streamed` },
        },
      },
    },
  });
  return { endpoint: emulator.lambdaUrl, close: () => emulator.close() };
}
