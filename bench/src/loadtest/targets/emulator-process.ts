import { channels, startEmulator } from 'lpr-emulator';
import type { InvocationEnded, StartEmulatorOptions } from 'lpr-emulator';
import type { Operation } from 'lpr-router';
import type { Billing } from '../suite.ts';

/** A manifest, a SAM template with routes of its own, or both. */
export type EmulatorSource =
  | { readonly config: string; readonly template?: string }
  | { readonly template: string; readonly config?: never };

/** From the process that generates the load. */
export type ToEmulator =
  | { readonly type: 'start'; readonly source: EmulatorSource }
  | { readonly type: 'billing' };

/** To it. */
export type FromEmulator =
  | {
      readonly type: 'listening';
      readonly url: string;
      /** Of the Lambda API. */
      readonly lambdaUrl: string;
      readonly operations: readonly Operation[];
      readonly memoryMb: readonly (readonly [string, number])[];
    }
  | { readonly type: 'billing'; readonly billing: readonly (readonly [string, Billing])[] }
  /** `usage`: what it was asked to run is wrong. */
  | { readonly type: 'failed'; readonly message: string; readonly usage: boolean };

// The emulator runs in this process of its own: in the generator's, each would wait for the other.
const billing = new Map<string, Billing>();

channels.invocationEnded.subscribe((message) => {
  const { functionName, durationMs } = message as InvocationEnded;
  const { invocations = 0, billedMs = 0 } = billing.get(functionName) ?? {};
  billing.set(functionName, {
    invocations: invocations + 1,
    billedMs: billedMs + Math.max(1, Math.ceil(durationMs)),
  });
});

process.on('message', (message: ToEmulator) => {
  switch (message.type) {
    case 'start':
      return void start(message).catch(fail);
    case 'billing':
      return tell({ type: 'billing', billing: [...billing] });
    default:
      return message satisfies never;
  }
});
// It lives as long as who started it.
process.on('disconnect', () => process.exit());

async function start({ source }: ToEmulator & { type: 'start' }): Promise<void> {
  const options: StartEmulatorOptions = { ...source, port: 0, host: '127.0.0.1' };
  const emulator = await startEmulator(options);
  tell({
    type: 'listening',
    url: emulator.url,
    lambdaUrl: emulator.lambdaUrl,
    operations: emulator.router.config.operations,
    memoryMb: emulator.functions.map(({ name, memoryMb }) => [name, memoryMb] as const),
  });
}

function fail(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  tell({ type: 'failed', message, usage: name === 'ConfigError' });
}

function tell(message: FromEmulator): void {
  process.send!(message);
}
