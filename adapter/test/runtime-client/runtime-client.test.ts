import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecords } from 'lpr-testkit';
import type { AnswerRecord } from 'lpr-protocol';
import { batchEvent, batchOf, itemEvent } from '../support/events.ts';
import { readPowertoolsLines } from '../support/powertools-app.ts';
import type { RuntimeAnswer } from './runtime-api.ts';
import { bundleHandlers, removeFolder, startFunction } from './start-function.ts';
import type { Format } from './start-function.ts';

/**
 * Many invocations in one environment. One worker thread has them all; not the client's alternative for HTTP, whose
 * streams wait for ever behind its own long poll (one socket for both).
 */
const MANY = { AWS_LAMBDA_MAX_CONCURRENCY: '8', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' };
const MODES = [
  ['one invocation at a time', {}],
  ['many concurrent invocations', MANY],
] as const;

const folders = {} as Record<Format, string>;
beforeAll(async () => {
  [folders.esm, folders.cjs] = await Promise.all([bundleHandlers('esm'), bundleHandlers('cjs')]);
});
afterAll(() => Promise.all(Object.values(folders).map(removeFolder)));

function recordsIn({ kind, body, errorType }: RuntimeAnswer): AnswerRecord[] {
  expect([kind, errorType]).toEqual(['response', undefined]);
  return goodRecords(body);
}

/** The records of an answer, streamed or buffered; a bad one fails the test. */
function goodRecords(text: string): AnswerRecord[] {
  return readRecords(text).map((result) => {
    if (!result.ok) throw new Error(`Expected a record, got ${result.problem.expected}`);
    return result.record;
  });
}

function responsesIn({ kind, body }: RuntimeAnswer): AnswerRecord[] {
  expect(kind).toBe('response');
  expect(JSON.parse(body)).toMatchObject({ v: 1 });
  return goodRecords(body);
}

const seenBy = (record: AnswerRecord) =>
  JSON.parse('body' in record ? record.body : '') as Record<string, unknown>;

describe.each(MODES)("under AWS's runtime client with %s", (_, environment) => {
  it.each(['esm', 'cjs'] as const)('a buffered handler answers batches (%s)', async (format) => {
    await using lambda = await startFunction(folders[format], 'buffered', environment);
    const items = [
      itemEvent('a', { body: 'slow' }),
      itemEvent('b', { body: 'throw' }),
      itemEvent('c'),
    ];
    const records = responsesIn(await lambda.invoke(batchEvent(items)));
    expect(
      records.map((record) => [record.id, 'statusCode' in record && record.statusCode]),
    ).toEqual([
      ['a', 200],
      ['b', 500],
      ['c', 200],
    ]);
    expect(seenBy(records[0]!)).toMatchObject({ id: 'a', isOwn: true, leftMs: true });
    const logged = () =>
      // With many invocations the client writes its lines as JSON, with ours as a text in it.
      lambda.lines.filter((line) => /requestId\\*":\\*"b\\*"/.test(line));
    await expect.poll(logged).toEqual([expect.stringContaining('secret')]);
  });

  it.each(['esm', 'cjs'] as const)('a streaming handler answers batches (%s)', async (format) => {
    await using lambda = await startFunction(folders[format], 'streamed', environment);
    const items = [
      itemEvent('a', { body: 'slow' }),
      itemEvent('b', { body: 'throw' }),
      itemEvent('c'),
    ];
    const answer = await lambda.invoke(batchEvent(items));
    expect(answer.contentType).toBe('application/x-ndjson');
    expect(
      recordsIn(answer)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['a', 'b', 'c']);
    expect(recordsIn(answer).at(-1)).toMatchObject({ id: 'a', statusCode: 200 });
  });

  it('invocations at once, and one after the other, each get their own answers', async () => {
    await using lambda = await startFunction(folders.esm, 'buffered', environment);
    const batches = Array.from({ length: 6 }, (__, index) => [`a${index}`, `b${index}`]);
    const answers = await Promise.all(batches.map((ids) => lambda.invoke(batchOf(...ids))));
    expect(
      answers.map((answer) => responsesIn(answer).map((record) => seenBy(record)['id'])),
    ).toEqual(batches);
    const awsIds = answers.map((answer) =>
      responsesIn(answer).map((r) => seenBy(r)['awsRequestId']),
    );
    expect(new Set(awsIds.flat()).size).toBe(batches.length);
  });

  it('bodies are streamed as frames', async () => {
    await using lambda = await startFunction(folders.esm, 'interleaved', environment);
    const records = recordsIn(await lambda.invoke(batchOf('a', 'b')));
    const ofB = records.filter(({ id }) => id === 'b');
    expect(ofB).toMatchObject([
      { type: 'head' },
      { type: 'chunk', body: 'b 1' },
      { type: 'chunk', body: 'b 2' },
      { type: 'end' },
    ]);
    expect(records).toHaveLength(8);
  });

  it('Fetch handlers and native handlers answer', async () => {
    await using fetched = await startFunction(folders.esm, 'fetched', environment);
    const frames = recordsIn(await fetched.invoke(batchOf('a')));
    expect(frames).toMatchObject([{ type: 'head' }, { body: '/hello/a' }, { type: 'end' }]);
    await using native = await startFunction(folders.cjs, 'native', environment);
    expect(responsesIn(await native.invoke(batchOf('a', 'b')))).toHaveLength(2);
    await using stream = await startFunction(folders.cjs, 'nativeStream', environment);
    expect(recordsIn(await stream.invoke(batchOf('a', 'b')))).toMatchObject([
      { id: 'a', body: 'a' },
      { id: 'b', body: 'b' },
    ]);
  });

  it("items that hang are answered before Lambda's timeout", async () => {
    await using lambda = await startFunction(folders.esm, 'buffered', environment);
    const batch = batchEvent([itemEvent('a', { body: 'hang' }), itemEvent('b')]);
    const records = responsesIn(await lambda.invoke(batch, { deadlineMs: Date.now() + 1_000 }));
    expect(records).toMatchObject([{ statusCode: 504 }, { statusCode: 200 }]);
  });

  it("an event that is no batch is passed through, and its failure is the invocation's", async () => {
    await using buffered = await startFunction(folders.esm, 'buffered', environment);
    const passed = await buffered.invoke(itemEvent('a'));
    expect(JSON.parse(passed.body)).toMatchObject({ statusCode: 200 });
    const failed = await buffered.invoke(itemEvent('a', { body: 'throw' }));
    expect(failed.kind).toBe('error');
    await using streamed = await startFunction(folders.esm, 'streamed', environment);
    const { contentType, body } = await streamed.invoke(itemEvent('a'));
    expect(contentType).toBe('application/vnd.awslambda.http-integration-response');
    expect(body).toMatch(/^\{"statusCode":200,.*\}\0{8}\{"id":"a"/);
  });

  it.each(['powertools', 'powertoolsStream'])(
    'AWS Powertools keep three items at once apart (%s)',
    async (name) => {
      await using lambda = await startFunction(folders.esm, name, environment);
      for (const traceId of ['Root=1-a', 'Root=1-b']) {
        const ids = ['a', 'b', 'c'].map((id) => `${id}-${traceId.at(-1)}`);
        const batch = batchEvent(ids.map((id) => itemEvent(id, { body: 'charge' })));
        const answer = await lambda.invoke(batch, { traceId });
        const charged = (name === 'powertools' ? responsesIn(answer) : recordsIn(answer)).map(
          seenBy,
        );
        expect(charged.map((one) => one['charged']).toSorted()).toEqual(ids);
      }
      const all = ['a-a', 'a-b', 'b-a', 'b-b', 'c-a', 'c-b'];
      await expect
        .poll(() => readPowertoolsLines(lambda.lines))
        .toEqual({
          logs: all.map((id) => [id, id]),
          metrics: all.map((id) => [id, 1, id]),
        });
    },
  );
});

it('a handler with three parameters is what the client refuses, and no wrapper is one', async () => {
  const { buffered, native } = await import('./handlers.ts');
  expect([buffered.length, native.length].every((length) => length <= 2)).toBe(true);
});
