import assert from 'node:assert/strict';
import type { InvokerCase } from './invoker-case.ts';
import { bytesOf } from './invoker-answers.ts';

const MEGABYTE = 1_048_576;

/** Payloads and answers arrive as they are. */
export const BUFFERED_CASES: readonly InvokerCase[] = [
  {
    title: 'brings the bytes of a buffered answer unchanged',
    async run(connect) {
      const bytes = Buffer.from([0x7b, 0x00, 0xff, 0xc3, 0x28, 0x7d]);
      const { invoke } = await connect({ type: 'buffered', bytes });
      const answer = await invoke('buffered');
      assert.equal(answer.type, 'buffered');
      assert.deepEqual(await bytesOf(answer), bytes);
    },
  },
  {
    title: 'brings an empty answer',
    async run(connect) {
      const { invoke } = await connect({ type: 'buffered', bytes: new Uint8Array() });
      assert.equal((await bytesOf(await invoke('buffered'))).byteLength, 0);
    },
  },
  {
    title: 'sends the payload, the ARN with its qualifier and the tenant to the function',
    async run(connect) {
      const { invoke, received } = await connect({ type: 'echo' });
      await invoke('buffered', { tenantId: 'blue', payload: Buffer.from('{"v":1,"name":"Zoë"}') });
      await bytesOf(await invoke('stream'));
      const seen = received.map(({ payload, ...rest }) => ({
        ...rest,
        payload: Buffer.from(payload).toString(),
      }));
      const functionName = 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live';
      assert.deepEqual(seen, [
        { functionName, mode: 'buffered', tenantId: 'blue', payload: '{"v":1,"name":"Zoë"}' },
        { functionName, mode: 'stream', tenantId: undefined, payload: '{"v":1}' },
      ]);
    },
  },
  {
    title: 'carries 6 MB both ways, buffered and streamed',
    async run(connect) {
      const payload = Buffer.from(JSON.stringify('x'.repeat(6 * MEGABYTE - 2)));
      const { invoke } = await connect({ type: 'echo' });
      for (const mode of ['buffered', 'stream'] as const) {
        assert.ok(payload.equals(await bytesOf(await invoke(mode, { payload }))), mode);
      }
    },
  },
  {
    title: 'keeps invocations at the same time apart',
    async run(connect) {
      const { invoke } = await connect({ type: 'echo' });
      const texts = Array.from({ length: 40 }, (_, index) => JSON.stringify(`call ${index}`));
      const answers = await Promise.all(
        texts.map(async (text, index) => {
          const mode = index % 2 === 0 ? 'buffered' : 'stream';
          const bytes = await bytesOf(await invoke(mode, { payload: Buffer.from(text) }));
          return bytes.toString();
        }),
      );
      assert.deepEqual(answers, texts);
    },
  },
];
