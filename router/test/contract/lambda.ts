import type { FunctionScript, LambdaEndpoint } from 'lpr-testkit';
import { startLambdaEndpoint } from 'lpr-testkit';
import { createRouter } from 'lpr-router';
import type { Router } from 'lpr-router';
import { onTestFinished, vi } from 'vitest';
import { operation } from '../support/router.ts';

/** Names the invokers of the router; each has to keep the contract. */
export const INVOKERS = ['sdk', 'signed'] as const;

/** Where the router's own invokers find this endpoint, and credentials for it. */
export function lambdaEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: '',
    AWS_REGION: 'eu-west-1',
  };
}

export interface OverLambda {
  readonly router: Router;
  readonly url: string;
  readonly lambda: LambdaEndpoint;
}

/** A router with one of its own invokers over a Lambda API that plays `script`: `GET /a`, unbatched. */
export async function startOverLambda(
  script: FunctionScript,
  invoker: (typeof INVOKERS)[number],
  lpr: Record<string, unknown> = {},
  settings: Record<string, unknown> = {},
): Promise<OverLambda> {
  const lambda = await startLambdaEndpoint(script);
  onTestFinished(() => lambda[Symbol.asyncDispose]());
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const [name, value] of Object.entries(lambdaEnvironment(lambda.url)))
    vi.stubEnv(name, value);
  const get = operation({ maxWaitMs: 0, timeoutMs: 20_000, ...lpr });
  const router = await createRouter({
    config: {
      ListenAddr: '127.0.0.1:0',
      Invoker: invoker,
      Spec: { paths: { '/a': { get } } },
      ...settings,
    },
  });
  onTestFinished(() => router.close());
  return { router, url: await router.listen(), lambda };
}
