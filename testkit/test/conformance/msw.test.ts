import type { Invoker } from 'lpr-router';
import { sdkInvoker, signedInvoker } from 'lpr-router';
import { describeInvoker } from 'lpr-testkit';
import type { ConnectInvoker } from 'lpr-testkit';
import { lambda, setupServer } from 'lpr-testkit/msw';
import { setupServer as setupMswServer } from 'msw/node';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { scriptedPreset } from './scripted-preset.ts';

/** Nobody listens there. */
const CLOSED = 'http://127.0.0.1:1';

let endpoints = 0;

/** Connects the router's own invokers to functions that msw plays, each under an address of its own. */
function connectTo(
  server: ReturnType<typeof setupServer>,
  create: (endpoint: string) => Invoker,
): ConnectInvoker {
  return async (script) => {
    const hello = scriptedPreset(script);
    const endpoint = `http://lambda-${(endpoints += 1)}.test`;
    server.use(...lambda({ hello }, { endpoint }));
    const invoker = create(script.type === 'connection_refused' ? CLOSED : endpoint);
    const { received, callerLeft } = hello;
    return { invoker, received, callerLeft, close: async () => invoker.close?.() };
  };
}

vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');

describe("msw's own server", () => {
  const server = setupMswServer();
  beforeAll(() => server.listen({ onUnhandledFrame: 'bypass' }));
  afterAll(() => server.close());
  const connect = connectTo(server, (endpoint) => sdkInvoker({ endpoint }));
  describeInvoker('sdk', connect, { describe, it });
});

describe("the kit's server", () => {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledFrame: 'bypass' }));
  afterAll(() => server.close());
  const invokers = {
    sdk: connectTo(server, (endpoint) => sdkInvoker({ endpoint })),
    signed: connectTo(server, (endpoint) => signedInvoker({ endpoint })),
  };
  describeInvoker('sdk', invokers.sdk, { describe, it });
  describeInvoker('signed', invokers.signed, { describe, it });
});
