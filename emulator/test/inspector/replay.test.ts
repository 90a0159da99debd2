import { expect, test } from 'vitest';
import type { Replayed } from '../../src/inspector/messages.ts';
import { manifestOf, route, startInspected } from '../support/inspected.ts';
import type { Inspected } from '../support/inspected.ts';

async function replay({ emulator }: Inspected, requestIds: readonly string[]) {
  const response = await fetch(`${emulator.inspectorUrl}/api/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requestIds }),
  });
  return ((await response.json()) as Replayed).requestIds;
}

test('a request is sent again with its method, query, headers and body, and says what it repeats', async () => {
  const inspected = await startInspected(
    manifestOf({ '/one/{name}': { post: route({ lpr: { maxBatchSize: 1 } }) } }),
  );
  const { emulator, snapshot, request, batch } = inspected;
  const body = Buffer.from([0, 0xff, 0x80, 10]);
  await emulator.fetch('/one/a%2Fb?x=1&x=2', {
    method: 'POST',
    headers: { 'x-mine': 'yes', cookie: 'a=b' },
    body,
  });
  const [original] = (await snapshot()).requests;
  const [id] = await replay(inspected, [original!.id]);
  expect(id).toMatch(/^r-/);
  await expect.poll(async () => (await request(id)).summary.totalMs).toBeDefined();
  const { summary, headers, answer } = await request(id);
  expect(summary).toMatchObject({
    method: 'POST',
    target: '/one/a%2Fb?x=1&x=2',
    replayOf: original?.id,
    status: 200,
  });
  expect(headers).toContainEqual(['x-mine', 'yes']);
  expect(answer?.body).toMatchObject({ bytes: Buffer.from(body).toString('base64').length });
  const { batches } = await snapshot();
  const [first, second] = await Promise.all(batches.map((one) => batch(one)));
  const itemOf = ({ text }: { text: string }) => (JSON.parse(text) as { batch: object[] }).batch[0];
  const same = { requestContext: expect.anything() };
  expect({ ...itemOf(second!.event), ...same, headers: 0 }).toEqual({
    ...itemOf(first!.event),
    ...same,
    headers: 0,
  });
});

test('the requests of a batch are sent at the same time, and share a batch again', async () => {
  const inspected = await startInspected();
  await inspected.pair();
  const [batch] = (await inspected.snapshot()).batches;
  const ids = await replay(inspected, batch!.requestIds);
  expect(ids).toHaveLength(2);
  const { batches } = await inspected.snapshot();
  expect(batches).toHaveLength(2);
  expect([...batches[1]!.requestIds].toSorted()).toEqual(ids.toSorted());
  expect(batches[1]).toMatchObject({ reason: 'full', cold: false });
});

test('a refused request is sent again unless it had a body, which nobody has read', async () => {
  const inspected = await startInspected();
  await inspected.emulator.fetch('/elsewhere');
  await inspected.emulator.fetch('/elsewhere', { method: 'POST', body: 'x' });
  await expect.poll(async () => (await inspected.snapshot()).requests).toHaveLength(2);
  const [bare, full] = (await inspected.snapshot()).requests;
  expect(await replay(inspected, [bare!.id, full!.id, 'r-unknown'])).toEqual([
    expect.stringMatching(/^r-/),
    null,
    null,
  ]);
  expect((await inspected.request(full!.id)).notReplayable).toContain('body');
});

test('a replay of a `single` route has its body', async () => {
  const lpr = { maxBatchSize: 1, payloadFormat: 'single' };
  const inspected = await startInspected(
    manifestOf(
      { '/single': { post: route({ function: 'single', lpr }) } },
      { single: { Handler: 'single.handler' } },
    ),
    {},
    { 'single.ts': 'export const handler = async ({ body }) => body;' },
  );
  const sent = await inspected.emulator.fetch('/single', { method: 'POST', body: 'hello' });
  expect(await sent.text()).toBe('hello');
  const [id] = await replay(inspected, [(await inspected.snapshot()).requests[0]!.id]);
  await expect.poll(async () => (await inspected.request(id)).answer?.body.text).toBe('hello');
});

test('a replay whose answer never ends does not keep the emulator from closing', async () => {
  const endless = `export const handler = awslambda.streamifyResponse(async ({ batch }, stream) => {
    const { requestId: id } = batch[0].requestContext;
    stream.write(JSON.stringify({ type: 'chunk', id, body: 'on ' }) + '\\n');
    await new Promise(() => setInterval(() => undefined, 1000).unref());
  });`;
  const lpr = { maxBatchSize: 1, invokeMode: 'response_stream' };
  const inspected = await startInspected(
    {
      ...manifestOf(
        { '/endless': { get: route({ function: 'endless', lpr }) } },
        { endless: { Handler: 'endless.handler', Isolation: 'worker' } },
      ),
      // Longer than a test may take.
      DrainTimeoutMs: 60_000,
    },
    {},
    { 'endless.ts': endless },
  );
  const { emulator } = inspected;
  const client = new AbortController();
  await emulator.fetch('/endless', { signal: client.signal });
  client.abort();
  const [original] = (await inspected.snapshot()).requests;
  const [id] = await replay(inspected, [original!.id]);
  expect((await inspected.request(id)).summary).toMatchObject({
    status: 200,
    replayOf: original?.id,
  });
  await emulator.close();
});
