import { channels, startEmulator } from 'lpr-emulator';
import type { InvocationEnded } from 'lpr-emulator';
import type { Billing } from '../suite.ts';

/** From the process that generates the load. */
export type ToEmulator =
  | { readonly type: 'start'; readonly config: string; readonly template: string | undefined }
  | { readonly type: 'billing' };

/** To it. */
export type FromEmulator =
  | {
      readonly type: 'listening';
      readonly url: string;
      readonly memoryMb: readonly (readonly [string, number])[];
    }
  | { readonly type: 'billing'; readonly billing: readonly (readonly [string, Billing])[] }
  | { readonly type: 'failed'; readonly message: string };

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
      return void start(message).catch((error: unknown) => {
        tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      });
    case 'billing':
      return tell({ type: 'billing', billing: [...billing] });
    default:
      return message satisfies never;
  }
});
// It lives as long as who started it.
process.on('disconnect', () => process.exit());

async function start({ config, template }: ToEmulator & { type: 'start' }): Promise<void> {
  const emulator = await startEmulator({
    config,
    port: 0,
    host: '127.0.0.1',
    ...(template === undefined ? {} : { template }),
  });
  tell({
    type: 'listening',
    url: emulator.url,
    memoryMb: emulator.functions.map(({ name, memoryMb }) => [name, memoryMb] as const),
  });
}

function tell(message: FromEmulator): void {
  process.send!(message);
}
