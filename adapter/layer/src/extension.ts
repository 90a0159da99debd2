import type { Log } from './log.ts';
import { RuntimeApiClient } from './runtime-api-client.ts';
import type { Address } from './settings.ts';

const API = '/2020-01-01/extension';
const IDENTIFIER = 'lambda-extension-identifier';

/** This extension as Lambda knows it. */
export interface Extension {
  /** Resolves when the sandbox is about to end. Until it is called, Init does not complete. */
  untilShutdown(): Promise<void>;
  /** Reports that the extension cannot work; Lambda then gives up the sandbox. */
  fail(error: unknown): Promise<void>;
}

/** Registers for SHUTDOWN, the only event that every kind of function allows. `name` is that of the file. */
export async function registerExtension(
  upstream: Address,
  name: string,
  log: Log,
): Promise<Extension> {
  const client = new RuntimeApiClient(upstream);
  const headers = { 'Content-Type': 'application/json', 'Lambda-Extension-Name': name };
  const events = JSON.stringify({ events: ['SHUTDOWN'] });
  const answer = await client.post(`${API}/register`, headers, [events]);
  const identifier = answer.headers[IDENTIFIER];
  if (answer.status !== 200 || typeof identifier !== 'string') {
    throw new Error(`Expected the Extensions API to register the proxy, got ${answer.status}`);
  }
  const identity = { 'Lambda-Extension-Identifier': identifier };
  return {
    async untilShutdown() {
      const { status } = await client.get(`${API}/event/next`, identity);
      if (status !== 200) log('WARN', `The Extensions API answered ${status} instead of SHUTDOWN`);
    },
    async fail(error) {
      const errorMessage = error instanceof Error ? error.message : String(error);
      const failed = {
        ...identity,
        'Lambda-Extension-Function-Error-Type': 'Extension.ProxyNotStarted',
      };
      const body = JSON.stringify({ errorType: 'Extension.ProxyNotStarted', errorMessage });
      await client.post(`${API}/init/error`, failed, [body]);
    },
  };
}
