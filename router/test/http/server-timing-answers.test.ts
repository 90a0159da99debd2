import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { idsByQuery, line, STREAM } from '../contract/observe.ts';
import { WAIT } from '../contract/raw-client.ts';
import { echo, operation, startRouter } from '../support/router.ts';

const rules = { maxWaitMs: 1000, maxBatchSize: 2, timeoutMs: 5000 };

describe('Server-Timing', () => {
  test.each([
    ['buffered', {}, undefined],
    [
      'streamed',
      STREAM,
      async function* (ids: string[]) {
        for (const id of ids)
          yield line({ id, type: 'chunk', body: 'x' }) + line({ id, type: 'end' });
      },
    ],
  ])('is on %s answers, with what batching cost', async (_, mode, stream) => {
    const clock = new VirtualClock();
    const { url, router } = await startRouter({
      paths: { '/a': { get: operation({ ...rules, ...mode }) } },
      serverTiming: true,
      clock,
      answer(event, invocation) {
        clock.advance(40);
        return stream ? stream(Object.values(idsByQuery(event))) : echo(event, invocation);
      },
    });
    const first = fetch(`${url}/a?1`);
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    clock.advance(300);
    const answers = await Promise.all([first, fetch(`${url}/a?2`)]);
    expect(answers.map(({ headers }) => headers.get('server-timing'))).toEqual([
      'lpr-wait;dur=300;desc="full", lpr-fn;dur=40;desc="batch of 2"',
      'lpr-wait;dur=0;desc="full", lpr-fn;dur=40;desc="batch of 2"',
    ]);
    expect((await fetch(`${url}/nowhere`)).headers.get('server-timing')).toBeNull();
  });

  test('is on errors of invoked requests, too', async () => {
    const { url } = await startRouter({
      paths: { '/a': { get: operation({ maxWaitMs: 0 }) } },
      serverTiming: true,
      answer: () => ({ v: 1, responses: [] }),
    });
    const response = await fetch(`${url}/a`);
    expect(response.status).toBe(502);
    expect(response.headers.get('server-timing')).toContain('desc="batch of 1"');
  });

  test.each([
    ['1', true],
    ['off', false],
    ['', false],
  ])('is switched by LPR_SERVER_TIMING: `%s`', async (value, on) => {
    vi.stubEnv('LPR_SERVER_TIMING', value);
    const { url } = await startRouter();
    vi.unstubAllEnvs();
    expect((await fetch(`${url}/a`)).headers.has('server-timing')).toBe(on);
  });
});
