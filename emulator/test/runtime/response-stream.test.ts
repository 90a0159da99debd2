import { setImmediate } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { ResponseStream } from '../../src/runtime/response-stream.ts';
import { HTTP_INTEGRATION_CONTENT_TYPE, HttpResponseStream } from '../../src/runtime/streamify.ts';
import { readChunks } from '../support/functions.ts';

test('chunks arrive one by one, as they were written', async () => {
  const stream = new ResponseStream();
  stream.write('grüße');
  stream.write(new Uint8Array([0x61]));
  stream.write({ json: true });
  stream.end('end');
  expect(await readChunks(stream)).toEqual(['grüße', 'a', '{"json":true}', 'end']);
});

test('a chunk can be read before the handler writes the next', async () => {
  const stream = new ResponseStream();
  const reader = stream[Symbol.asyncIterator]();
  const first = reader.next();
  stream.write('one');
  expect(String(Buffer.from((await first).value ?? []))).toBe('one');
  const second = reader.next();
  stream.end();
  expect(await second).toEqual({ done: true, value: undefined });
});

test('a slow reader holds the handler back', async () => {
  const stream = new ResponseStream(4);
  expect(stream.write('abcd')).toBe(false);
  let drained = false;
  stream.once('drain', () => (drained = true));
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  await setImmediate();
  expect(drained).toBe(false);
  const next = reader.next();
  await setImmediate();
  expect(drained).toBe(true);
  stream.end();
  expect((await next).done).toBe(true);
});

test('a reader that leaves does not hold the handler back', async () => {
  const stream = new ResponseStream(1);
  const reader = stream[Symbol.asyncIterator]();
  stream.write('seen');
  await reader.next();
  await reader.return();
  await pipeline(Readable.from(['many', 'more', 'chunks']), stream);
  expect(stream.writableFinished).toBe(true);
});

test('a failure comes after what was written', async () => {
  const stream = new ResponseStream();
  stream.write('a');
  stream.write('b');
  stream.fail(new Error('boom'));
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of stream) seen.push(String(Buffer.from(chunk)));
  })();
  await expect(reading).rejects.toThrow('boom');
  expect(seen).toEqual(['a', 'b']);
});

test('a failure after the end changes nothing', async () => {
  const stream = new ResponseStream();
  stream.end('whole');
  stream.fail(new Error('too late'));
  expect(await readChunks(stream)).toEqual(['whole']);
});

test('aborting loses what was not read and frees a handler that waits', async () => {
  const stream = new ResponseStream(1);
  stream.write('a');
  stream.write('b');
  stream.abort(new Error('timed out'));
  await expect(readChunks(stream)).rejects.toThrow('timed out');
  expect(stream.destroyed).toBe(true);
});

test('a stream that the handler destroys fails with its error and does not end the process', async () => {
  const stream = new ResponseStream();
  stream.destroy(new Error('broken pipe'));
  await expect(readChunks(stream)).rejects.toThrow('broken pipe');
});

test('abandoning wakes a reader that waits, and the handler writes on', async () => {
  const stream = new ResponseStream();
  const reading = readChunks(stream);
  stream.abandon(new Error('gone'));
  await expect(reading).rejects.toThrow('gone');
  stream.end('into nothing');
  await expect.poll(() => stream.writableFinished).toBe(true);
});

test('the HTTP prelude precedes the first write, even an empty one', async () => {
  const stream = HttpResponseStream.from(new ResponseStream(), { statusCode: 201 });
  stream.write('');
  stream.end('body');
  expect((await readChunks(stream)).join('|')).toBe(`{"statusCode":201}|${'\0'.repeat(8)}|body`);
  expect(stream.contentType).toBe(HTTP_INTEGRATION_CONTENT_TYPE);
});

test('`end` alone sends no prelude, as in the runtime', async () => {
  const stream = HttpResponseStream.from(new ResponseStream(), { statusCode: 201 });
  stream.end('body');
  expect(await readChunks(stream)).toEqual(['body']);
});

test('the content type cannot be set after a write', () => {
  const stream = new ResponseStream();
  stream.setContentType('text/plain');
  stream.write('x');
  expect(() => stream.setContentType('text/html')).toThrow('Cannot set content-type, too late.');
  expect(stream.contentType).toBe('text/plain');
});
