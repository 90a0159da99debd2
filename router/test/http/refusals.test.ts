import { describe, expect, it } from 'vitest';
import { InvokeError } from 'lpr-router';
import { VirtualClock } from 'lpr-testkit';
import { gate, operation, startRouter } from '../support/router.ts';

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('refusals', () => {
  it('answer an unknown route with 404 and a wrong method with 405 and `Allow`', async () => {
    const { url, invoker } = await startRouter();
    const unknown = await fetch(`${url}/nowhere`);
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'LPR_ROUTE_NOT_FOUND']);
    const wrong = await fetch(`${url}/a`, { method: 'DELETE' });
    expect([wrong.status, await codeOf(wrong)]).toEqual([405, 'LPR_METHOD_NOT_ALLOWED']);
    expect(wrong.headers.get('allow')).toBe('GET, POST');
    expect(invoker.invocations).toEqual([]);
  });

  it('answer a malformed percent-encoding with 400', async () => {
    const { router } = await startRouter({ paths: { '/p/{name}': { get: operation() } } });
    const response = await router.inject('/p/%zz');
    expect([response.statusCode, response.json().code]).toEqual([400, 'LPR_BAD_REQUEST']);
  });

  it.each([
    ['announced', () => 'x'.repeat(101)],
    ['in chunks', () => new Blob(['x'.repeat(60), 'x'.repeat(60)]).stream()],
  ])('answer a body that is too large, %s, with 413', async (_, body) => {
    const { url, invoker } = await startRouter({ settings: { MaxBodyBytes: 100 } });
    const init = { method: 'POST', body: body(), duplex: 'half' } as const;
    const response = await fetch(`${url}/a`, init);
    expect([response.status, await codeOf(response)]).toEqual([413, 'LPR_BODY_TOO_LARGE']);
    expect(invoker.invocations).toEqual([]);
  });

  it('answer a request that no invocation can carry with 502', async () => {
    const { url, invoker } = await startRouter({ settings: { MaxInvokePayloadBytes: 2000 } });
    const response = await fetch(`${url}/a`, { method: 'POST', body: 'x'.repeat(2000) });
    expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_PAYLOAD_TOO_LARGE']);
    expect(invoker.invocations).toEqual([]);
  });

  it('answer 504 when the deadline passes, and end the invocation nobody waits for', async () => {
    const clock = new VirtualClock();
    const invoked = gate();
    const aborted = gate();
    const { url } = await startRouter({
      clock,
      paths: { '/a': { get: operation({ maxWaitMs: 0, timeoutMs: 30 }) } },
      answer: (_event, { signal }) =>
        new Promise((_resolve, reject) => {
          invoked.open();
          signal.addEventListener('abort', () => {
            aborted.open();
            reject(new InvokeError('LPR_FUNCTION_UNREACHABLE', 'aborted'));
          });
        }),
    });
    const answered = fetch(`${url}/a`);
    await invoked.opened;
    clock.advance(30);
    const response = await answered;
    expect([response.status, await codeOf(response)]).toEqual([504, 'LPR_DEADLINE_EXCEEDED']);
    await aborted.opened;
  });

  it('answer 503 once the router drains', async () => {
    const { router } = await startRouter({
      paths: { '/a': { get: operation({ maxWaitMs: 50 }) } },
    });
    const waiting = router.inject('/a');
    await new Promise(setImmediate);
    const closing = router.close();
    const late = await router.inject('/a');
    expect([late.statusCode, late.json().code]).toEqual([503, 'LPR_DRAINING']);
    expect(late.headers['retry-after']).toBe('1');
    expect((await waiting).statusCode).toBe(200);
    await closing;
  });
});
