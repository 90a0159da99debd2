import assert from 'node:assert/strict';
import { bytesOf } from './invoker-answers.ts';
import type { InvokerCase } from './invoker-case.ts';

const MODES = ['buffered', 'stream'] as const;

/** Every failure is an `InvokeError` with the right code, `unsent` only when that is certain, and nothing is replayed. */
export const FAILURE_CASES: readonly InvokerCase[] = [
  ...MODES.map(
    (mode) =>
      ({
        title: `tells a function error of a ${mode} invocation, with what the function said`,
        async run(connect) {
          const payload = '{"errorMessage":"boom"}';
          const { invoke } = await connect({ type: 'function_error', kind: 'Unhandled', payload });
          await assert.rejects(async () => bytesOf(await invoke(mode)), {
            name: 'InvokeError',
            code: 'LPR_FUNCTION_ERROR',
            unsent: false,
            message: 'Unhandled: {"errorMessage":"boom"}',
          });
        },
      }) satisfies InvokerCase,
  ),
  ...MODES.map(
    (mode) =>
      ({
        title: `tells a throttled ${mode} invocation as unsent, and when to come back`,
        async run(connect) {
          const { invoke, received } = await connect({
            type: 'refused_by_service',
            status: 429,
            exception: 'TooManyRequestsException',
            retryAfter: 3,
          });
          await assert.rejects(invoke(mode), {
            name: 'InvokeError',
            code: 'LPR_THROTTLED',
            unsent: true,
            retryAfterSeconds: 3,
          });
          assert.equal(received.length, 1);
        },
      }) satisfies InvokerCase,
  ),
  {
    title: 'tells a payload that the service finds too large',
    async run(connect) {
      const { invoke } = await connect({
        type: 'refused_by_service',
        status: 413,
        exception: 'RequestTooLargeException',
      });
      await assert.rejects(invoke('buffered'), { code: 'LPR_PAYLOAD_TOO_LARGE', unsent: false });
    },
  },
  ...(
    [
      [400, 'InvalidRequestContentException'],
      [403, 'AccessDeniedException'],
      [404, 'ResourceNotFoundException'],
      [500, 'ServiceException'],
      [502, 'EC2ThrottledException'],
      [503, 'ServiceUnavailableException'],
    ] as const
  ).map(
    ([status, exception]) =>
      ({
        title: `does not send again what the service refused with ${status}, nor calls it unsent`,
        async run(connect) {
          const script = { type: 'refused_by_service', status, exception } as const;
          const { invoke, received } = await connect(script);
          for (const mode of MODES) {
            await assert.rejects(invoke(mode), {
              name: 'InvokeError',
              code: 'LPR_FUNCTION_UNREACHABLE',
              unsent: false,
              message: new RegExp(`^${exception}`),
            });
          }
          assert.equal(received.length, MODES.length);
        },
      }) satisfies InvokerCase,
  ),
  {
    title: 'does not send again, nor calls unsent, what was cut before the answer',
    async run(connect) {
      const { invoke, received } = await connect({ type: 'cut', chunks: [] });
      await assert.rejects(invoke('buffered'), {
        name: 'InvokeError',
        code: 'LPR_FUNCTION_UNREACHABLE',
        unsent: false,
      });
      assert.equal(received.length, 1);
    },
  },
  ...MODES.map(
    (mode) =>
      ({
        title: `knows a ${mode} invocation whose connection is refused as unsent`,
        async run(connect) {
          const { invoke } = await connect({ type: 'connection_refused' });
          await assert.rejects(invoke(mode), {
            name: 'InvokeError',
            code: 'LPR_FUNCTION_UNREACHABLE',
            unsent: true,
          });
        },
      }) satisfies InvokerCase,
  ),
  {
    title: 'stops waiting for an answer when it is aborted, and lets the other side see it',
    async run(connect) {
      const controller = new AbortController();
      const stalled = await connect({ type: 'stalled', chunks: [] });
      const invoked = stalled.invoke('buffered', { signal: controller.signal });
      const rejected = assert.rejects(invoked, {
        name: 'InvokeError',
        code: 'LPR_FUNCTION_UNREACHABLE',
      });
      await received(stalled.received);
      controller.abort();
      await rejected;
      await stalled.callerLeft;
    },
  },
  {
    title: 'invokes nothing when it was aborted beforehand',
    async run(connect) {
      const { invoke, received } = await connect({ type: 'echo' });
      await assert.rejects(invoke('buffered', { signal: AbortSignal.abort() }), {
        name: 'InvokeError',
      });
      await bytesOf(await invoke('buffered'));
      assert.equal(received.length, 1);
    },
  },
];

/** Waits until something was received. */
async function received(calls: readonly unknown[]): Promise<void> {
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
}
