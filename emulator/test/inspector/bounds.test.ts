import { expect, test } from 'vitest';
import { ArrivedRecords } from '../../src/inspector/arrived-records.ts';
import { KeptBytes, show } from '../../src/inspector/kept-bytes.ts';
import type { BatchSummary } from '../../src/inspector/messages.ts';
import { Recording } from '../../src/inspector/recording.ts';

const MIB = 1024 * 1024;

function addBatch(
  recording: Recording,
  id: string,
  payloadBytes: number,
  requestIds?: readonly string[],
): void {
  const request = { id: `r-${id}`, method: 'GET', target: '/a', arrivedAtMs: 0 };
  if (requestIds === undefined) recording.addRequest(request, ['host', 'a']);
  const summary: BatchSummary = {
    id,
    source: 'router',
    route: '/a',
    functionName: 'hello',
    streaming: false,
    size: 1,
    requestIds: requestIds ?? [request.id],
    releasedAtMs: 0,
    waitMs: 0,
    retries: 0,
    dropped: 0,
  };
  recording.addBatch(summary, new Uint8Array(payloadBytes));
}

test('text is cut between characters, and says how long it was', () => {
  const euros = '€'.repeat(10);
  for (const [limit, text] of [
    [30, euros],
    [9, '€€€'],
    [8, '€€'],
    [7, '€€'],
    [2, ''],
  ] as const) {
    expect(show(Buffer.from(euros), limit)).toEqual({
      text,
      bytes: 30,
      cut: limit < 30,
      binary: false,
    });
  }
  expect(show(Buffer.from([0xff, 0xfe, 0]), 10)).toMatchObject({ binary: true, text: '' });
});

test('of an endless body only the beginning is kept', () => {
  const kept = new KeptBytes(10);
  for (let index = 0; index < 100; index += 1) kept.add('abcd');
  expect(kept.kept).toBe(10);
  expect(kept.show()).toEqual({ text: 'abcdabcdab', bytes: 400, cut: true, binary: false });
});

test('what a sender does with its buffer afterwards changes nothing', () => {
  const kept = new KeptBytes(10);
  const buffer = Buffer.from('before');
  kept.add(buffer);
  buffer.fill('x');
  expect(kept.show().text).toBe('before');
});

test('lines are put together from chunks that are cut anywhere, with the time of their end', () => {
  const records = new ArrivedRecords();
  records.addChunk(Buffer.from('{"a":1}\n{"b"'), 1);
  records.addChunk(Buffer.from(':2}'), 2);
  records.addChunk(Buffer.from('\n{"c":3}'), 3);
  records.end(4);
  expect(records.show().map(({ atMs, text }) => [atMs, text])).toEqual([
    [1, '{"a":1}'],
    [3, '{"b":2}'],
    [4, '{"c":3}'],
  ]);
});

test('a stream without records is kept piece by piece', () => {
  const records = new ArrivedRecords();
  records.addChunk(Buffer.from('one\ntwo'), 1);
  records.addChunk(Buffer.from('{"three"'), 2);
  expect(records.show().map(({ text }) => text)).toEqual(['one\ntwo', '{"three"']);
});

test('of an endless stream so many records are kept, and the rest is counted', () => {
  const records = new ArrivedRecords();
  for (let index = 0; index < 1500; index += 1) records.addChunk(Buffer.from('{"a":1}\n'), index);
  expect([records.show().length, records.cut]).toEqual([1000, 500]);
  const large = new ArrivedRecords();
  const line = `{"a":"${'x'.repeat(100_000)}"}\n`;
  for (let index = 0; index < 20; index += 1) large.addChunk(Buffer.from(line), index);
  expect(large.kept).toBeLessThanOrEqual(MIB);
  expect(large.show()[0]).toMatchObject({ cut: true, bytes: line.length - 1 });
  expect(large.show().length + large.cut).toBe(20);
});

test('the oldest batches make room, with their requests, and whoever listens is told', () => {
  const recording = new Recording();
  for (let index = 0; index < 501; index += 1) addBatch(recording, `b-${index}`, 10);
  expect([recording.batches.size, recording.requests.size]).toEqual([500, 500]);
  const { gone, batches } = recording.takeChanges();
  expect([...gone]).toEqual(['r-b-0', 'b-0']);
  expect(batches.has('b-0')).toBe(false);
});

test('large events make room sooner', () => {
  const recording = new Recording();
  for (let index = 0; index < 40; index += 1) addBatch(recording, `b-${index}`, 6 * MIB);
  expect(recording.batches.size).toBe(10);
  expect(recording.batches.has('b-39')).toBe(true);
  recording.changeBatch('b-0', () => expect.unreachable('It is gone'));
});

test('requests that were in no batch have a bound of their own, and so have those that wait', () => {
  const recording = new Recording();
  addBatch(recording, 'b', 10);
  const add = (id: string) =>
    recording.addRequest({ id, method: 'GET', target: '/', arrivedAtMs: 0 }, []);
  for (let index = 0; index < 5100; index += 1) add(`waits-${index}`);
  expect(recording.requests.size).toBe(5001);
  expect(recording.requests.has('r-b')).toBe(true);
  expect(recording.requests.has('waits-99')).toBe(false);
  for (let index = 100; index < 5100; index += 1) {
    recording.changeRequest(`waits-${index}`, { totalMs: 1, status: 404 });
  }
  expect(recording.requests.size).toBe(501);
  expect(recording.requests.has('waits-5099')).toBe(true);
});

test('all requests of a large batch are kept until they are in it', () => {
  const recording = new Recording();
  const requestIds = Array.from({ length: 1000 }, (_, index) => `r-${index}`);
  for (const id of requestIds) {
    recording.addRequest({ id, method: 'GET', target: '/', arrivedAtMs: 0 }, []);
  }
  addBatch(recording, 'large', 10, requestIds);
  for (const id of requestIds) recording.changeRequest(id, { totalMs: 1, batchId: 'large' });
  for (let index = 0; index < 499; index += 1) addBatch(recording, `b-${index}`, 10);
  expect(requestIds.every((id) => recording.requests.has(id))).toBe(true);
  addBatch(recording, 'last', 10);
  expect(recording.requests.size).toBe(500);
});

test('environments that have ended make room for new ones', () => {
  const recording = new Recording();
  for (let id = 1; id <= 300; id += 1) {
    const one = { id, functionName: 'a', startedAtMs: 0, initMs: 0, invocations: 0, running: 0 };
    recording.changeEnvironment(id, one);
    if (id > 1) recording.changeEnvironment(id, { ...one, ended: true });
  }
  expect(recording.environments.size).toBe(200);
  expect(recording.environments.has(1)).toBe(true);
});
