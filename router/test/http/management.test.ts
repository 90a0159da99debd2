import parsePrometheusText from 'parse-prometheus-text-format';
import { InvokeError } from 'lpr-router';
import { describe, expect, test, vi } from 'vitest';
import { idle } from '../contract/observe.ts';
import { connectRaw, parseAnswer, WAIT } from '../contract/raw-client.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

const PATHS = ['/healthz', '/readyz', '/metrics'];
/** A route that would take every path. */
const greedy = { '/{rest+}': { 'x-amazon-apigateway-any-method': operation({ maxWaitMs: 0 }) } };

describe('management paths', () => {
  test.each(PATHS)('%s never reaches a function, whatever the method', async (path) => {
    const { url, router, invoker } = await startRouter({ paths: greedy });
    expect((await fetch(url + path)).status).toBe(200);
    const head = await fetch(url + path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url + path, { method, headers });
      expect(response.status, method).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
      expect(await response.json()).toMatchObject({ code: 'LPR_METHOD_NOT_ALLOWED' });
    }
    for (const line of [`PROPFIND ${path}`, `GET http://router.test${path}?x`]) {
      const client = await connectRaw(url);
      client.send(`${line} HTTP/1.1\r\nHost: router.test\r\nConnection: close\r\n\r\n`);
      await client.ended;
      const { status } = parseAnswer(client.received());
      expect(status, line).toBe(line.startsWith('GET') ? 200 : 405);
    }
    const twoHosts = await connectRaw(url);
    twoHosts.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`);
    await twoHosts.ended;
    expect(parseAnswer(twoHosts.received()).status).toBe(400);
    const injected = await router.inject({ method: 'POST', url: path });
    expect([injected.statusCode, injected.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect(invoker.invocations).toEqual([]);
    expect(await (await fetch(`${url}${path}/x`)).text()).toBe(`${path}/x`);
  });

  test('are at AdminAddr only, when there is one', async () => {
    const { url, router, invoker } = await startRouter({
      paths: greedy,
      settings: { AdminAddr: '127.0.0.1:0' },
    });
    for (const path of PATHS) {
      expect(await (await fetch(url + path)).text()).toBe(path);
      expect((await fetch(router.adminUrl + path)).status).toBe(200);
    }
    const unknown = await fetch(`${router.adminUrl}/a`);
    const requestId = unknown.headers.get('x-request-id');
    expect(requestId).toMatch(/^r-/);
    expect(await unknown.json()).toEqual({
      code: 'LPR_ROUTE_NOT_FOUND',
      message: 'No route matches this path.',
      requestId,
    });
    expect(unknown.status).toBe(404);
    expect(invoker.invocations).toHaveLength(3);
  });

  test.each([
    ['the address of the routes', {}],
    ['AdminAddr', { AdminAddr: '127.0.0.1:0' }],
  ])('say at %s that the router lives and is not ready, while it drains', async (_, settings) => {
    const running = gate();
    const begun = gate();
    const { url, router } = await startRouter({
      paths: greedy,
      settings,
      async answer(event, invocation) {
        begun.open();
        await running.opened;
        return echo(event, invocation);
      },
    });
    const management = router.adminUrl ?? url;
    const answer = fetch(`${url}/a`);
    await begun.opened;
    const closing = router.close({ drainDelayMs: 300 });
    const ready = await fetch(`${management}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await fetch(`${management}/healthz`)).status).toBe(200);
    running.open();
    expect((await answer).status).toBe(200);
    await closing;
  });
});

describe('/metrics', () => {
  test('tells what really happened, in the format of Prometheus', async () => {
    const first = gate();
    const { url, router, invoker } = await startRouter({
      paths: {
        '/a/{id}': {
          get: operation({
            maxWaitMs: 20_000,
            maxBatchSize: 2,
            timeoutMs: 25_000,
            retryUnsent: 1,
            key: ['query:k'],
          }),
        },
      },
      settings: { MaxInflightInvocations: 1, MaxQueueDepthPerKey: 2 },
      async answer(event) {
        const [one] = event.batch;
        const mode = one!.rawQueryString;
        if (mode === 'k=throttled') throw new InvokeError('LPR_THROTTLED', 'x', { unsent: true });
        if (mode === 'k=slow') await first.opened;
        return {
          v: 1,
          responses: [{ id: one!.requestContext.requestId, statusCode: 200, body: 'ok' }, 'bad'],
        };
      },
    });
    const two = (k: string) => ['1', '2'].map((id) => fetch(`${url}/a/${id}?k=${k}`));
    const statuses = async (answers: Promise<Response>[]) =>
      (await Promise.all(answers)).map(({ status }) => status).toSorted();
    expect(await statuses(two('x'))).toEqual([200, 502]);
    expect(await statuses(two('throttled'))).toEqual([503, 503]);
    const slow = two('slow');
    await vi.waitFor(() => expect(router.stats().inflightInvocations).toBe(1), WAIT);
    const waiting = two('y');
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(2), WAIT);
    expect((await fetch(`${url}/a/3?k=y`)).status).toBe(429);
    const controller = new AbortController();
    const left = fetch(`${url}/a/4?k=left`, { signal: controller.signal });
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    const busy = await scrape(url);
    expect(busy.value('lpr_queue_depth')).toBe(2);
    expect(busy.value('lpr_open_batches')).toBe(1);
    expect(busy.value('lpr_inflight_invocations')).toBe(1);
    expect(busy.value('lpr_inflight_requests')).toBe(5);
    controller.abort();
    await expect(left).rejects.toThrow('aborted');
    first.open();
    expect(await statuses([...slow, ...waiting])).toEqual([200, 200, 502, 502]);
    await idle(router);

    const { value, family } = await scrape(url);
    const route = '/a/{id}';
    const requests = (status_class: string) =>
      value('lpr_requests_total', { method: 'GET', route, status_class });
    expect(['2xx', '4xx', '5xx', 'none'].map(requests)).toEqual([3, 1, 5, 1]);
    expect(value('lpr_batches_released_total', { route, reason: 'full' })).toBe(4);
    expect(value('lpr_invocations_total', { route, function: 'hello', result: 'ok' })).toBe(3);
    expect(
      value('lpr_invocations_total', { route, function: 'hello', result: 'LPR_THROTTLED' }),
    ).toBe(1);
    expect(value('lpr_invocation_throttles_total', { function: 'hello' })).toBe(2);
    expect(
      value('lpr_invocation_retries_total', { function: 'hello', code: 'LPR_THROTTLED' }),
    ).toBe(1);
    expect(invoker.invocations).toHaveLength(5);
    expect(value('lpr_item_failures_total', { route, code: 'LPR_MISSING_RESPONSE' })).toBe(3);
    expect(value('lpr_item_failures_total', { route, code: 'LPR_THROTTLED' })).toBe(2);
    expect(value('lpr_requests_cancelled_total', { state: 'queued' })).toBe(1);
    expect(value('lpr_requests_rejected_total', { reason: 'queue_depth' })).toBe(1);
    expect(value('lpr_bad_records_total', { route, kind: 'shape' })).toBe(3);
    expect(value('lpr_invocations_saved_total')).toBe(4);
    for (const gauge of [
      'lpr_queue_depth',
      'lpr_open_batches',
      'lpr_inflight_invocations',
      'lpr_inflight_requests',
    ]) {
      expect(value(gauge), gauge).toBe(0);
    }
    for (const name of [
      'lpr_request_duration_seconds',
      'lpr_batch_size',
      'lpr_batch_wait_seconds',
      'lpr_invocation_duration_seconds',
    ]) {
      expect(family(name)?.type, name).toBe('HISTOGRAM');
    }
    expect(family('lpr_event_loop_delay_seconds')?.metrics.length).toBeGreaterThan(0);
  });

  test.each([
    ['inflight_requests', { MaxInflightRequests: 1 }, []],
    ['pending_invocations', { MaxInflightInvocations: 1, MaxPendingInvocations: 1 }, ['2']],
  ])('names the bound that a 429 came of: %s', async (reason, settings, waiting) => {
    const first = gate();
    const { url, router } = await startRouter({
      paths: { '/a': { get: operation({ maxWaitMs: 0, key: ['query:k'] }) } },
      settings,
      async answer(event, invocation) {
        await first.opened;
        return echo(event, invocation);
      },
    });
    const running = [fetch(`${url}/a?k=1`)];
    await vi.waitFor(() => expect(router.stats().inflightInvocations).toBe(1), WAIT);
    running.push(...waiting.map((k) => fetch(`${url}/a?k=${k}`)));
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(waiting.length), WAIT);
    const refused = await fetch(`${url}/a?k=3`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await scrape(url)).value('lpr_requests_rejected_total', { reason })).toBe(1);
    first.open();
    for (const answer of await Promise.all(running)) expect(answer.status).toBe(200);
  });
});

async function scrape(url: string) {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const families = parsePrometheusText(await response.text());
  const family = (name: string) => families.find((one) => one.name === name);
  return {
    family,
    /** Of the series with exactly these labels. */
    value: (name: string, labels: Record<string, string> = {}): number => {
      const wanted = JSON.stringify(Object.entries(labels).toSorted());
      const metric = family(name)?.metrics.find(
        (one) => JSON.stringify(Object.entries(one.labels ?? {}).toSorted()) === wanted,
      );
      return Number(metric?.value);
    },
  };
}
