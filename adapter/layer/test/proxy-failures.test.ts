import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { STREAM, answersIn, batchOf, due, setUp } from './support/proxy.ts';
import type { Setup } from './support/proxy.ts';
import { idOf } from './support/runtime.ts';

const RESPONSE = '/2018-06-01/runtime/invocation/outer/response';
const GONE = expect.stringContaining('LPR_FUNCTION_ERROR') as string;
const LATE = expect.stringContaining('LPR_DEADLINE_EXCEEDED') as string;

afterEach(() => {
  vi.useRealTimers();
});

/** Deadlines pass when the test says so, not while a slow machine is at work; sockets keep to real time. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
}

async function answers({ api }: Setup) {
  return answersIn((await api.received('outer/response')).body.toString());
}

/** The answers of a stream once this many lines of it have arrived. */
async function lines({ api }: Setup, count: number) {
  await api.until(() => api.partial(RESPONSE).split('\n').length > count);
  return answersIn(api.partial(RESPONSE));
}

describe('an item', () => {
  it('is answered with 500 when its handler throws, and nothing of the error leaks', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: batchOf('r-1') });
    await worker.next();
    await worker.error('r-1');
    expect((await answers(setup)).get('r-1')).toMatchObject({
      statusCode: 500,
      body: '{"message":"Internal Server Error"}',
    });
  });

  it.each([
    ['no JSON', 'oops', 'cannot be sent'],
    ['nothing', '', 'cannot be sent'],
    ['a bad status', '{"statusCode":999}', 'cannot be sent'],
    ['7 MB', `"${'x'.repeat(7_000_000)}"`, 'larger than Lambda takes'],
  ])('is answered with 502 when its answer is %s', async (_what, answer, message) => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: batchOf('r-1', 'r-2') });
    await worker.next();
    expect((await worker.respond('r-1', answer)).status).toBe(202);
    expect(idOf(await worker.next())).toBe('r-2');
    await worker.respond('r-2', '{}');
    const found = await answers(setup);
    expect(found.get('r-1')).toMatchObject({ statusCode: 502 });
    expect(JSON.parse(found.get('r-1')!.body)).toEqual({
      message: expect.stringContaining(message) as string,
      code: 'LPR_BAD_RESPONSE',
      requestId: 'r-1',
    });
    expect(found.get('r-2')).toMatchObject({ statusCode: 200 });
  });

  it('is answered with 504 when its deadline passes, and its place stays taken until it is done', async () => {
    stopTime();
    await using setup = await setUp(1);
    const [busy, free] = [setup.worker(), setup.worker()];
    const body = batchOf(due('r-1', 20), due('r-2', 40), 'r-3');
    setup.api.offer({ id: 'outer', headers: STREAM, body });
    await busy.next();
    const polled = free.next();
    vi.advanceTimersByTime(40);
    const found = await lines(setup, 2);
    expect(found.get('r-1')).toMatchObject({ statusCode: 504, body: LATE });
    // It was never handed out, and never will be.
    expect(found.get('r-2')).toMatchObject({ statusCode: 504, body: LATE });
    expect((await busy.respond('r-1', '"too late"')).status).toBe(202);
    expect(idOf(await polled)).toBe('r-3');
    await free.respond('r-3', '3');
    expect([...(await answers(setup)).values()].map(({ statusCode }) => statusCode)).toEqual([
      504, 504, 200,
    ]);
  });

  it('costs the others nothing when the worker that has it dies', async () => {
    await using setup = await setUp();
    const [dying, living] = [setup.worker(), setup.worker()];
    setup.api.offer({ id: 'outer', headers: STREAM, body: batchOf('r-0', 'r-1', 'r-2') });
    await dying.next();
    await dying.respond('r-0', '0');
    expect(idOf(await dying.next())).toBe('r-1');
    expect(idOf(await living.next())).toBe('r-2');
    dying[Symbol.dispose]();
    expect((await lines(setup, 2)).get('r-1')).toMatchObject({ statusCode: 502, body: GONE });
    await living.respond('r-2', '{}');
    expect((await answers(setup)).get('r-2')).toMatchObject({ statusCode: 200 });
    expect(setup.log).toEqual(['ERROR A worker of the runtime has ended']);
  });

  it('is still waited for when a runtime merely closes each connection after its request', async () => {
    await using setup = await setUp();
    const first = setup.worker();
    setup.api.offer({ id: 'outer', body: batchOf('r-1') });
    await first.next();
    first[Symbol.dispose]();
    await setup.worker().respond('r-1', '"late but well"');
    expect((await answers(setup)).get('r-1')).toMatchObject({ body: 'late but well' });
  });

  it('goes to a worker that is not late with another', async () => {
    stopTime();
    await using setup = await setUp();
    const [late, other] = [setup.worker(), setup.worker()];
    setup.api.offer({
      id: 'outer',
      headers: STREAM,
      body: batchOf(due('r-1', 20), due('r-2', 20), 'r-3'),
    });
    expect(idOf(await late.next())).toBe('r-1');
    expect(idOf(await other.next())).toBe('r-2');
    vi.advanceTimersByTime(20);
    await lines(setup, 2);
    await other.respond('r-2', '2');
    const waiting = late.next();
    expect(idOf(await other.next())).toBe('r-3');
    await other.respond('r-3', '3');
    await setup.api.received('outer/response');
    // Nor does the late one alone fetch the next batch: if it hangs, Lambda's own timeout is to end it.
    await expect.poll(() => setup.proxy.invocation.state).toBe('idle');
    setup.api.offer({ id: 'next', body: '{}' });
    await setup.worker().respond('r-1', '1');
    expect(idOf(await waiting)).toBe('next');
  });
});

describe('an outer invocation', () => {
  it.each([
    ['streamed', STREAM],
    ['buffered', {}],
  ])('is completed before its deadline, %s', async (_how, mode) => {
    stopTime();
    await using setup = await setUp(1);
    const deadline = Date.now() + 60_000;
    const headers = { ...mode, 'Lambda-Runtime-Deadline-Ms': String(deadline) };
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', headers, body: batchOf('r-1', 'r-2', 'r-3') });
    await worker.next();
    await worker.respond('r-1', '1');
    await worker.next();
    vi.advanceTimersByTime(59_999);
    const found = await answers(setup);
    expect([...found.values()].map(({ statusCode }) => statusCode)).toEqual([200, 504, 504]);
  });

  it('ends with the error trailers when the runtime reports that it cannot go on', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', headers: STREAM, body: batchOf('r-1', 'r-2') });
    await worker.next();
    await worker.respond('r-1', '1');
    await worker.next();
    await worker.send('POST', '/2018-06-01/runtime/init/error', '{}');
    const { trailers, body } = await setup.api.received('outer/response');
    expect(answersIn(body.toString()).get('r-2')).toMatchObject({ statusCode: 502, body: GONE });
    expect(trailers).toMatchObject({ 'lambda-runtime-function-error-type': 'Runtime.ExitError' });
    const error = Buffer.from(trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
    expect(JSON.parse(error.toString())).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  it('fails as a whole when the process of the runtime ends before any answer', async () => {
    await using setup = await setUp();
    const program = spawn('sleep', ['60']);
    const worker = setup.worker();
    await worker.send('GET', `/lpr/ready?pid=${program.pid}`);
    setup.api.offer({ id: 'outer', headers: STREAM, body: batchOf('r-1', 'r-2') });
    await worker.next();
    program.kill('SIGKILL');
    worker[Symbol.dispose]();
    const { body, headers } = await setup.api.received('outer/error');
    expect(headers).toMatchObject({ 'lambda-runtime-function-error-type': 'Runtime.ExitError' });
    expect(JSON.parse(body.toString())).toMatchObject({
      errorMessage: "The runtime's process has ended",
    });
  });

  it('keeps the answers that there are when the environment shuts down', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: batchOf('r-1', 'r-2') });
    await worker.next();
    await worker.respond('r-1', '1');
    await worker.next();
    await setup.proxy.close('The execution environment shuts down');
    const found = await answers(setup);
    expect(found.get('r-1')).toMatchObject({ statusCode: 200 });
    expect(found.get('r-2')).toMatchObject({ statusCode: 502, body: GONE });
  });

  it('gives way to the next when its answers are larger than Lambda takes: the largest go', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: batchOf('r-1', 'r-2', 'r-3') });
    for (const size of [10, 4_000_000, 3_000_000]) {
      await worker.respond(idOf(await worker.next()), `"${'x'.repeat(size)}"`);
    }
    const found = await answers(setup);
    expect([...found.values()].map(({ statusCode }) => statusCode)).toEqual([200, 502, 200]);
  });
});

describe('the real API', () => {
  it.each([410, 500])('may refuse an answer with %d: the runtime goes on', async (status) => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.intercept = ({ url }, response) => {
      if (url !== RESPONSE) return false;
      response.writeHead(status).end();
      return true;
    };
    setup.api.offer({ id: 'outer', body: batchOf('r-1') });
    await worker.next();
    expect((await worker.respond('r-1', '1')).status).toBe(202);
    setup.api.offer({ id: 'next', body: '{}' });
    expect(idOf(await worker.next())).toBe('next');
    expect(setup.log).toEqual([
      `ERROR The answer was not taken: Error: Expected the Runtime API to answer 202, got ${status}`,
    ]);
  });

  it.each([
    ['answers with 410', 410],
    ['closes', undefined],
  ])('may end a stream in the middle: it %s', async (_how, status) => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.intercept = (request, response) => {
      if (request.url !== RESPONSE) return false;
      request.once('data', () => {
        if (status === undefined) request.destroy();
        else response.writeHead(status, { Connection: 'close' }).end();
      });
      return true;
    };
    setup.api.offer({ id: 'outer', headers: STREAM, body: batchOf('r-1', 'r-2') });
    await worker.next();
    await worker.respond('r-1', '1');
    setup.api.offer({ id: 'next', body: '{}' });
    let reply = await worker.next();
    // Which of the two is first, the second item or the news, is left to the sockets.
    if (idOf(reply) === 'r-2') {
      await worker.respond('r-2', '2');
      reply = await worker.next();
    }
    expect(idOf(reply)).toBe('next');
    expect(setup.log.join()).toContain('The answer broke off');
  });

  it.each([410, 500])(
    'may answer the poll itself with %d: the runtime hears of it',
    async (status) => {
      await using setup = await setUp();
      const worker = setup.worker();
      setup.api.offer({ id: 'none', status, body: 'no event' });
      expect(await worker.next()).toMatchObject({ status, body: 'no event' });
      setup.api.offer({ id: 'outer', body: '{}' });
      expect(idOf(await worker.next())).toBe('outer');
    },
  );

  it('may close in the middle of a poll: so does the proxy', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.intercept = (request) => {
      request.destroy();
      return true;
    };
    await expect(worker.next()).rejects.toThrow('socket hang up');
    expect(setup.log.join()).toContain('The Runtime API gave no event');
  });
});
