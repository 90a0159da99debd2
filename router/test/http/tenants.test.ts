import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { INVOKERS, startOverLambda } from '../contract/lambda.ts';
import { codeOf, line } from '../contract/observe.ts';
import { WAIT } from '../contract/raw-client.ts';
import { operation, startRouter } from '../support/router.ts';

const rules = { maxWaitMs: 50, maxBatchSize: 4, tenantId: 'header:X-Tenant' };
const as = (tenant: string, name = 'x-tenant') => ({ headers: { [name]: tenant } });

describe('x-lpr.tenantId', () => {
  test('keeps tenants in batches of their own, and tells Lambda whose each is', async () => {
    const clock = new VirtualClock();
    const paths = { '/a': { get: operation(rules) } };
    const { url, router, invoker } = await startRouter({ paths, clock });
    const sent = ['a', 'b', 'a', 'B', 'a'].map((tenant) => fetch(`${url}/a`, as(tenant)));
    const all = { inflightRequests: 5, openBatches: 3 };
    await vi.waitFor(() => expect(router.stats()).toMatchObject(all), WAIT);
    clock.advance(50);
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const batches = invoker.invocations.map(({ tenantId, event }) => [
      tenantId,
      event.batch.length,
    ]);
    expect(batches.toSorted()).toEqual([
      ['B', 1],
      ['a', 3],
      ['b', 1],
    ]);
    for (const { tenantId, event } of invoker.invocations) {
      for (const item of event.batch) expect(item.headers['x-tenant']).toBe(tenantId);
    }
  });

  test('is read before `ForwardHeaders` (wire contract 3.10)', async () => {
    const { url, invoker } = await startRouter({
      paths: { '/a': { get: operation(rules) } },
      settings: { ForwardHeaders: { Deny: ['x-tenant'] } },
    });
    await Promise.all(['a', 'b'].map((tenant) => fetch(`${url}/a`, as(tenant, 'X-TENANT'))));
    expect(invoker.invocations.map(({ tenantId }) => tenantId).toSorted()).toEqual(['a', 'b']);
    for (const { event } of invoker.invocations) {
      expect(event.batch[0]!.headers).not.toHaveProperty('x-tenant');
    }
  });

  test.each([
    ['no header', {}],
    ['an empty one', as('')],
  ])('refuses a request with %s, which no function with tenants takes', async (_, init) => {
    const { url, invoker } = await startRouter({ paths: { '/a': { get: operation(rules) } } });
    const response = await fetch(`${url}/a`, init);
    expect([response.status, await codeOf(response)]).toEqual([400, 'LPR_BAD_REQUEST']);
    expect(invoker.invocations).toEqual([]);
  });

  test('is not sent for routes without one', async () => {
    const { url, invoker } = await startRouter();
    await fetch(`${url}/a`, as('a'));
    expect(invoker.invocations[0]).not.toHaveProperty('tenantId');
  });

  test.each(
    INVOKERS.flatMap(
      (name) =>
        [
          [name, 'buffered'],
          [name, 'response_stream'],
        ] as const,
    ),
  )('reaches Lambda as X-Amz-Tenant-Id through `%s`, %s', async (invoker, invokeMode) => {
    const script = {
      type: 'stream',
      chunks: [Buffer.from(line({ id: 'r-x', statusCode: 200 }))],
    } as const;
    const { url, lambda } = await startOverLambda(script, invoker, { ...rules, invokeMode });
    await fetch(`${url}/a`, as('tenant-7'));
    expect(lambda.received).toMatchObject([{ tenantId: 'tenant-7' }]);
  });
});
