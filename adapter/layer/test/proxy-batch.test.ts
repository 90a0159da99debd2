import { describe, expect, it } from 'vitest';
import { STREAM, answersIn, batchOf, due, setUp } from './support/proxy.ts';
import { idOf } from './support/runtime.ts';

const items = ['r-1', 'r-2', 'r-3'];

describe('a batch behind the proxy', () => {
  it('reaches the runtime as ordinary invocations and is answered with one document', async () => {
    await using setup = await setUp();
    const { api } = setup;
    api.offer({ id: 'outer', body: batchOf(...items) });
    void setup
      .worker()
      .serve((event, id) => ({ statusCode: 201, body: `${id} ${JSON.stringify(event)}` }))
      .catch(() => undefined);

    const { body, headers, path } = await api.received('/response');
    expect(path).toBe('/2018-06-01/runtime/invocation/outer/response');
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    expect(JSON.parse(body.toString())).toEqual({
      v: 1,
      responses: items.map((id) => ({
        id,
        statusCode: 201,
        headers: {},
        body: `${id} {"requestContext":{"requestId":"${id}"}}`,
        isBase64Encoded: false,
      })),
    });
    await api.until(() => api.pollers === 1);
    expect(setup.proxy.invocation.state).toBe('fetching');
  });

  it('streams a line per item in the order in which they finish, each at once', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const [slow, fast] = [setup.worker(), setup.worker()];
    api.offer({ id: 'outer', headers: STREAM, body: batchOf('r-1', 'r-2') });
    const first = await slow.next();
    const second = await fast.next();
    await fast.respond(idOf(second), '"fast"');
    const path = '/2018-06-01/runtime/invocation/outer/response';
    await api.until(() => api.partial(path).endsWith('\n'));
    expect([...answersIn(api.partial(path)).keys()]).toEqual([idOf(second)]);

    await slow.respond(idOf(first), '"slow"');
    const { body, headers, trailers, complete } = await api.received('/response');
    expect(complete).toBe(true);
    expect(trailers).toEqual({});
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'lambda-runtime-function-response-mode': 'streaming',
      trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    });
    expect([...answersIn(body.toString()).values()].map((answer) => answer.body)).toEqual([
      'fast',
      'slow',
    ]);
  });

  it('gives each item its own id and the earlier deadline, and nothing of the stream', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const soon = due('r-1', 5000) as { requestContext: { lpr: { deadlineMs: number } } };
    const outer = Date.now() + 10_000;
    api.offer({
      id: 'outer',
      headers: {
        ...STREAM,
        'Lambda-Runtime-Invocation-Id': 'i-1',
        'Lambda-Runtime-Deadline-Ms': String(outer),
      },
      body: batchOf(soon, due('r-2', 60_000)),
    });
    const [one, other] = [setup.worker(), setup.worker()];
    const [first, second] = [await one.next(), await other.next()];
    const { deadlineMs } = soon.requestContext.lpr;
    expect(first.headers).toMatchObject({
      'lambda-runtime-aws-request-id': 'r-1',
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:f',
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    });
    expect(second.headers).toMatchObject({ 'lambda-runtime-deadline-ms': String(outer) });
    expect(Object.keys(first.headers)).not.toContain('lambda-runtime-invocation-id');
    expect(Object.keys(first.headers)).not.toContain('lambda-runtime-function-response-mode');
    await one.respond('r-1', '1');
    await other.respond('r-2', '2');
    expect((await api.received('/response')).headers).toMatchObject({
      'lambda-runtime-invocation-id': 'i-1',
    });
  });

  it('has at most so many items in flight as it is allowed, however many workers poll', async () => {
    await using setup = await setUp(2);
    const workers = [setup.worker(), setup.worker(), setup.worker(), setup.worker()];
    const handedOut: string[] = [];
    const polls = workers.map(async (worker) => {
      const id = idOf(await worker.next());
      handedOut.push(id);
      return { worker, id };
    });
    setup.api.offer({ id: 'outer', body: batchOf('a', 'b', 'c', 'd') });
    // A few round trips: whatever else was handed out at once would have arrived.
    for (let trip = 0; trip < 5; trip += 1) await setup.worker().send('GET', '/lpr/ready');
    expect(handedOut.toSorted()).toEqual(['a', 'b']);
    for (const settled of [1, 2, 3, 4]) {
      const { worker, id } = await polls[settled - 1]!;
      expect(handedOut.length - settled).toBeLessThan(2);
      await worker.respond(id, '1');
    }
    await setup.api.received('/response');
    expect(handedOut.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is answered at once when it is empty', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const worker = setup.worker();
    const polled = worker.next();
    api.offer({ id: 'outer', body: batchOf() });
    expect((await api.received('/response')).body.toString()).toBe('{"v":1,"responses":[]}');
    api.offer({ id: 'streamed', headers: STREAM, body: batchOf() });
    expect((await api.received('streamed/response')).body.toString()).toBe('');
    api.offer({ id: 'plain', body: '{}' });
    expect(idOf(await polled)).toBe('plain');
  });

  it.each([
    [
      'a second item with its id',
      batchOf('r-1', 'r-1'),
      'Expected the ids of a batch to differ, got `r-1` twice',
    ],
    ['an item without an id', batchOf('r-1', {}), 'Expected `batch[1]` to have an id, got none'],
  ])('is refused as a whole when it has %s', async (_what, body, errorMessage) => {
    await using setup = await setUp();
    const { api } = setup;
    void setup
      .worker()
      .next()
      .catch(() => undefined);
    api.offer({ id: 'outer', body });
    const { path, body: posted, headers } = await api.received('/error');
    expect(path).toBe('/2018-06-01/runtime/invocation/outer/error');
    expect(headers).toMatchObject({ 'lambda-runtime-function-error-type': 'Lpr.BadBatch' });
    expect(JSON.parse(posted.toString())).toMatchObject({
      errorType: 'Lpr.BadBatch',
      errorMessage,
    });
  });

  it('ignores answers that come twice or to nobody, and says so to no runtime', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const worker = setup.worker();
    api.offer({ id: 'outer', body: batchOf('r-1', 'r-2') });
    await worker.next();
    expect((await worker.respond('r-1', '"first"')).status).toBe(202);
    expect((await worker.respond('r-1', '"second"')).status).toBe(202);
    expect((await worker.respond('r-2', '"not handed out yet"')).status).toBe(202);
    expect((await worker.error('r-99')).status).toBe(202);
    expect(idOf(await worker.next())).toBe('r-2');
    await worker.respond('r-2', '"right"');
    const answers = answersIn((await api.received('/response')).body.toString());
    expect([...answers.values()].map(({ body }) => body)).toEqual(['first', 'right']);
  });

  it('is worked on without a deadline when there is none', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const worker = setup.worker();
    api.offer({ id: 'outer', headers: { 'Lambda-Runtime-Deadline-Ms': '' }, body: batchOf('r-1') });
    const reply = await worker.next();
    expect(Number(reply.headers['lambda-runtime-deadline-ms'])).toBeGreaterThan(Date.now());
    await worker.respond('r-1', '1');
    expect(answersIn((await api.received('/response')).body.toString()).get('r-1')).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('the first event', () => {
  it('waits until every worker that the wrapper has told of asks for one', async () => {
    await using setup = await setUp();
    const [first, second] = [setup.worker(), setup.worker()];
    await first.send('GET', '/lpr/ready?pid=0&workers=2');
    setup.api.offer({ id: 'outer', body: batchOf('r-1', 'r-2') });
    const one = first.next();
    expect(setup.proxy.invocation.state).toBe('idle');
    const other = second.next();
    expect([idOf(await one), idOf(await other)].sort()).toEqual(['r-1', 'r-2']);
  });
});
