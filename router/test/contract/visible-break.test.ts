import { InvokeError } from 'lpr-router';
import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { gate, startRouter } from '../support/router.ts';
import { fullBatches, idle, idsByQuery, line, settledRequests, STREAM } from './observe.ts';
import { connectRaw, exchange, get, WAIT } from './raw-client.ts';

const LAST_CHUNK = '\r\n0\r\n\r\n';
const BULK = 'x'.repeat(2_000_000);

const failures = [
  [
    'an error frame',
    'LPR_FUNCTION_ERROR',
    (id: string) => line({ id, type: 'error', message: 'broke' }),
  ],
  [
    'a bad chunk',
    'LPR_BAD_RESPONSE',
    (id: string) => line({ id, type: 'chunk', body: '*', isBase64Encoded: true }),
  ],
  ['the end of the invocation', 'LPR_MISSING_RESPONSE', () => ''],
  [
    'a break of the invocation',
    'LPR_FUNCTION_UNREACHABLE',
    () => {
      throw new InvokeError('LPR_FUNCTION_UNREACHABLE', 'cut');
    },
  ],
] as const;

describe('a failure after the head is visible (wire contract 3.5)', () => {
  test.each(failures)(
    '%s closes the connection, after what was received was flushed',
    async (_, code, ending) => {
      const { url, router } = await startRouter({
        paths: fullBatches(1, STREAM),
        async *answer(event) {
          const id = event.batch[0]!.requestContext.requestId;
          yield line({ id, type: 'head', statusCode: 201 });
          yield line({ id, type: 'chunk', body: BULK });
          yield ending(id);
        },
      });
      const settled = settledRequests(router);
      const { text, end } = await exchange(url, get('/a'));
      expect(text).toMatch(/^HTTP\/1\.1 201 /);
      expect(text.length).toBeGreaterThan(BULK.length);
      expect(text.endsWith('x\r\n')).toBe(true);
      expect(text).not.toContain(LAST_CHUNK);
      expect(end).toBe('closed');
      await idle(router);
      expect(settled).toMatchObject([{ status: 201, failure: code, bytesOut: BULK.length }]);
    },
  );

  test.each(failures)(
    '%s resets a client of HTTP/1.0, to whom a close would look complete',
    async (_, code, ending) => {
      const begun = gate();
      const { url, router } = await startRouter({
        paths: fullBatches(1, STREAM),
        async *answer(event) {
          const id = event.batch[0]!.requestContext.requestId;
          yield line({ id, type: 'chunk', body: 'begun' });
          await begun.opened;
          yield ending(id);
        },
      });
      const settled = settledRequests(router);
      const client = await connectRaw(url);
      client.send(get('/a', { version: '1.0' }));
      await client.until('begun');
      begun.open();
      expect(await client.ended).toBe('reset');
      await idle(router);
      expect(settled).toMatchObject([{ status: 200, failure: code }]);
    },
  );

  test('silence past StreamIdleTimeoutMs ends the invocation and breaks the answer', async () => {
    const clock = new VirtualClock();
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(2, STREAM),
      settings: { StreamIdleTimeoutMs: 7000 },
      clock,
      async *answer(event, { signal }) {
        const ids = idsByQuery(event);
        yield line({ id: ids['whole'], statusCode: 200, body: 'whole' });
        yield line({ id: ids['half'], type: 'chunk', body: 'half' });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const settled = settledRequests(router);
    const client = await connectRaw(url);
    client.send(get('/a?half'));
    const whole = await fetch(`${url}/a?whole`);
    expect(await whole.text()).toBe('whole');
    await client.until('half');
    clock.advance(6999);
    expect(invoker.invocations[0]!.signal.aborted).toBe(false);
    clock.advance(1);
    expect(await client.ended).toBe('closed');
    expect(client.received()).not.toContain(LAST_CHUNK);
    expect(invoker.invocations[0]!.signal.aborted).toBe(true);
    await vi.waitFor(() => expect(settled).toHaveLength(2), WAIT);
    expect(settled[1]).toMatchObject({ failure: 'LPR_DEADLINE_EXCEEDED', bytesOut: 4 });
  });

  test('an answer that ends in order has its last chunk, to show that the others lack it', async () => {
    const { url } = await startRouter({
      paths: fullBatches(1, STREAM),
      async *answer(event) {
        const id = event.batch[0]!.requestContext.requestId;
        yield line({ id, type: 'chunk', body: 'all' }) + line({ id, type: 'end' });
      },
    });
    const { text } = await exchange(url, get('/a', { headers: 'Connection: close\r\n' }));
    expect(text).toContain(LAST_CHUNK);
    expect(text.toLowerCase()).not.toContain('content-length');
  });
});
