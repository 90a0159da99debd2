import assert from 'node:assert/strict';
import { bytesOf, chunksOf, readBytes } from './invoker-answers.ts';
import type { InvokerCase } from './invoker-case.ts';

const text = (...parts: string[]) => parts.map((part) => Buffer.from(part));

/** Streams arrive as they are written, whole, and may be given up. */
export const STREAMED_CASES: readonly InvokerCase[] = [
  {
    title: 'brings each chunk of a stream before the next one is written',
    async run(connect) {
      const second = Promise.withResolvers<void>();
      const before = (index: number) => (index === 1 ? second.promise : undefined);
      const chunks = text('one', 'two');
      const { invoke } = await connect({ type: 'stream', chunks, before });
      const reader = chunksOf(await invoke('stream'));
      assert.equal(await readBytes(reader, 3), 'one');
      second.resolve();
      assert.equal(await readBytes(reader, 3), 'two');
      assert.equal((await reader.next()).done, true);
    },
  },
  {
    title: 'brings a stream without chunks',
    async run(connect) {
      const { invoke } = await connect({ type: 'stream', chunks: [] });
      assert.equal((await bytesOf(await invoke('stream'))).byteLength, 0);
    },
  },
  ...[1, 2, 7, 13, 64].map(
    (writeBytes) =>
      ({
        title: `brings the same stream when the transport cuts it every ${writeBytes} bytes`,
        async run(connect) {
          const chunks = text('first\n', '\0\u{1f600}', 'x'.repeat(300), 'last');
          const { invoke } = await connect({ type: 'stream', chunks, writeBytes });
          const expected = Buffer.concat(chunks).toString();
          assert.equal((await bytesOf(await invoke('stream'))).toString(), expected);
        },
      }) satisfies InvokerCase,
  ),
  {
    title: 'tells a function that fails in the middle of its stream, after what it wrote',
    async run(connect) {
      const { invoke } = await connect({
        type: 'stream_error',
        chunks: text('one'),
        kind: 'Unhandled',
        payload: '{"errorMessage":"boom"}',
      });
      const reader = chunksOf(await invoke('stream'));
      assert.equal(await readBytes(reader, 3), 'one');
      await assert.rejects(async () => reader.next(), {
        name: 'InvokeError',
        code: 'LPR_FUNCTION_ERROR',
        unsent: false,
        message: 'Unhandled: {"errorMessage":"boom"}',
      });
    },
  },
  ...(['cut', 'unfinished'] as const).map(
    (type) =>
      ({
        title: `tells a stream that is ${type} from one that has ended`,
        async run(connect) {
          const { invoke, received } = await connect({ type, chunks: text('one') });
          const reader = chunksOf(await invoke('stream'));
          assert.equal(await readBytes(reader, 3), 'one');
          await assert.rejects(async () => reader.next(), {
            name: 'InvokeError',
            code: 'LPR_FUNCTION_UNREACHABLE',
            unsent: false,
          });
          assert.equal(received.length, 1);
        },
      }) satisfies InvokerCase,
  ),
  {
    title: 'gives up a stream that has stalled when it is aborted',
    async run(connect) {
      const controller = new AbortController();
      const stalled = await connect({ type: 'stalled', chunks: text('one') });
      const reader = chunksOf(await stalled.invoke('stream', { signal: controller.signal }));
      assert.equal(await readBytes(reader, 3), 'one');
      const next = reader.next();
      controller.abort();
      await assert.rejects(next, { name: 'InvokeError', code: 'LPR_FUNCTION_UNREACHABLE' });
      await stalled.callerLeft;
    },
  },
];
