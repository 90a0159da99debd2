import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRouter } from 'lpr-router';
import { expect, onTestFinished, test, vi } from 'vitest';
import { operation } from '../support/router.ts';
import { INVOKERS, lambdaEnvironment, startOverLambda } from './lambda.ts';
import { idle } from './observe.ts';
import { WAIT } from './raw-client.ts';

/** The AWS SDK's own bound is 50 sockets. */
const MOST = 70;

test.each(INVOKERS)(
  'as many invocations run at a time as MaxInflightInvocations says, through `%s`',
  async (invoker) => {
    const { url, router, lambda } = await startOverLambda(
      { type: 'stalled', chunks: [] },
      invoker,
      {},
      { MaxInflightInvocations: MOST },
    );
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const { signal } = controller;
    const sent = Array.from({ length: MOST + 1 }, (_, n) => fetch(`${url}/a?${n}`, { signal }));
    await vi.waitFor(() => expect(lambda.received).toHaveLength(MOST), WAIT);
    expect(router.stats()).toMatchObject({ inflightInvocations: MOST, waitingBatches: 1 });
    controller.abort();
    await Promise.allSettled(sent);
    await idle(router);
    expect(lambda.received).toHaveLength(MOST);
  },
);

/** A Lambda API that keeps what signatures say of the region, and answers nothing of use. */
async function startScopes(): Promise<string[]> {
  const regions: string[] = [];
  const server = createServer(({ headers }, response) => {
    regions.push(/Credential=[^/]+\/\d+\/([^/]+)\/lambda\//.exec(headers.authorization!)![1]!);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => void vi.unstubAllEnvs());
  const { port } = server.address() as AddressInfo;
  const environment = { ...lambdaEnvironment(`http://127.0.0.1:${port}`), AWS_REGION: 'sa-east-1' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return regions;
}

test.each(
  INVOKERS.flatMap((Invoker) => [
    [{ Invoker, AwsRegion: 'us-west-2' }, 'us-west-2'] as const,
    [{ Invoker }, 'eu-west-1'] as const,
  ]),
)('%o calls Lambda in %s, whatever the environment says', async (settings, region) => {
  const regions = await startScopes();
  const paths = { '/a': { get: operation({ maxWaitMs: 0, timeoutMs: 20_000 }) } };
  const router = await createRouter({ config: { ...settings, Spec: { paths } } });
  onTestFinished(() => router.close());
  expect((await router.inject('/a')).statusCode).toBe(502);
  expect(regions).toEqual([region]);
});
