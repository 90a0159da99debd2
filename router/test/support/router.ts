import { createRouter } from 'lpr-router';
import type { CreateRouterOptions, Router } from 'lpr-router';
import { answerBatch, fakeInvoker } from 'lpr-testkit';
import type { FakeInvoker } from 'lpr-testkit';
import { onTestFinished } from 'vitest';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

/** One operation with everything required; `x-lpr` fields beside it. */
export function operation(lpr: Record<string, unknown> = {}) {
  return {
    'x-target-lambda': FUNCTION_ARN,
    'x-lpr': { maxWaitMs: 20, maxBatchSize: 4, timeoutMs: 5000, ...lpr },
  };
}

export interface TestRouter {
  readonly router: Router;
  readonly url: string;
  readonly invoker: FakeInvoker;
}

type Answer = Parameters<typeof fakeInvoker>[0];

export interface RouterSetUp extends Partial<CreateRouterOptions> {
  readonly paths?: Record<string, Record<string, unknown>>;
  readonly settings?: Record<string, unknown>;
  readonly answer?: Answer;
}

/** A listening router over a fake function, closed with the test. By default it answers each item with its path. */
export async function startRouter(options: RouterSetUp = {}): Promise<TestRouter> {
  const { paths = { '/a': { get: operation(), post: operation() } }, settings = {} } = options;
  const { answer = echo, ...rest } = options;
  const invoker = fakeInvoker(answer);
  const router = await createRouter({
    config: { ListenAddr: '127.0.0.1:0', Spec: { paths }, ...settings },
    invoker,
    ...rest,
  });
  onTestFinished(() => router.close());
  return { router, url: await router.listen(), invoker };
}

/** Answers every item with 200 and its path. */
export const echo: Answer = (event) =>
  answerBatch(event, (item) => ({ headers: { 'content-type': 'text/plain' }, body: item.rawPath }));

/** As many of a promise's values as were asked for, each released by name. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}
