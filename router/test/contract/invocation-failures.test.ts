import { describe, expect, test } from 'vitest';
import { FUNCTION_ARN } from '../support/router.ts';
import { INVOKERS, startOverLambda } from './lambda.ts';
import { idle, line, settledRequests, STREAM } from './observe.ts';

const SECRET = 'secret';
const ERROR = JSON.stringify({
  errorType: 'TypeError',
  errorMessage: SECRET,
  trace: [`TypeError: ${SECRET}`, '    at handler (/var/task/index.mjs:1:1)'],
});
const FUNCTION_ERROR = { type: 'function_error', kind: 'Unhandled', payload: ERROR } as const;
const refused = (status: number, exception: string) =>
  ({ type: 'refused_by_service', status, exception }) as const;

/** Script, mode, answer's status and code, invocations that the Lambda API saw. */
const FAILURES = [
  ['a function error', FUNCTION_ERROR, {}, 502, 'LPR_FUNCTION_ERROR', 1],
  ['a function error of a stream', FUNCTION_ERROR, STREAM, 502, 'LPR_FUNCTION_ERROR', 1],
  [
    'a failure of the service',
    refused(500, 'ServiceException'),
    {},
    502,
    'LPR_FUNCTION_UNREACHABLE',
    1,
  ],
  [
    'no such function',
    refused(404, 'ResourceNotFoundException'),
    {},
    502,
    'LPR_FUNCTION_UNREACHABLE',
    1,
  ],
  [
    'a payload that Lambda refuses',
    refused(413, 'RequestTooLargeException'),
    {},
    502,
    'LPR_PAYLOAD_TOO_LARGE',
    1,
  ],
  ['a broken connection', { type: 'cut', chunks: [] }, {}, 502, 'LPR_FUNCTION_UNREACHABLE', 1],
  [
    'a broken connection of a stream',
    { type: 'cut', chunks: [] },
    STREAM,
    502,
    'LPR_FUNCTION_UNREACHABLE',
    1,
  ],
  [
    'nobody there',
    { type: 'connection_refused' },
    { retryUnsent: 1 },
    502,
    'LPR_FUNCTION_UNREACHABLE',
    0,
  ],
  ['a throttle', refused(429, 'TooManyRequestsException'), {}, 503, 'LPR_THROTTLED', 3],
  [
    'a throttle of a stream',
    refused(429, 'TooManyRequestsException'),
    STREAM,
    503,
    'LPR_THROTTLED',
    3,
  ],
  [
    'a throttle that is not to be retried',
    refused(429, 'TooManyRequestsException'),
    { retryUnsent: 0 },
    503,
    'LPR_THROTTLED',
    1,
  ],
] as const;

describe.each(INVOKERS)(
  'with the invoker `%s`, callers are told nothing of (wire contract 3.8)',
  (invoker) => {
    test.each(FAILURES)(
      '%s but a stable code, and what may have run is not sent twice',
      async (_, script, lpr, status, code, sent) => {
        const { url, lambda } = await startOverLambda(script, invoker, lpr);
        const response = await fetch(`${url}/a`);
        const text = await response.text();
        expect([response.status, JSON.parse(text).code]).toEqual([status, code]);
        for (const leak of [SECRET, FUNCTION_ARN, 'Exception', 'ECONN', '/var/task', '    at ']) {
          expect(text).not.toContain(leak);
        }
        expect(response.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
        expect(lambda.received).toHaveLength(sent);
      },
    );

    test('a stream that fails half way, and who has its answer by then keeps it', async () => {
      const { url, router } = await startOverLambda(
        {
          type: 'stream_error',
          chunks: [Buffer.from(line({ id: 'r-nobody', statusCode: 200 }))],
          kind: 'Function.Unhandled',
          payload: ERROR,
        },
        invoker,
        STREAM,
      );
      const settled = settledRequests(router);
      const response = await fetch(`${url}/a`);
      const text = await response.text();
      expect([response.status, JSON.parse(text).code]).toEqual([502, 'LPR_FUNCTION_ERROR']);
      expect(text).not.toContain(SECRET);
      await idle(router);
      expect(settled).toMatchObject([{ failure: 'LPR_FUNCTION_ERROR' }]);
    });

    test.each([
      ['buffered', {}],
      ['streamed', STREAM],
    ])('a %s invocation that takes too long, which is then given up', async (_, mode) => {
      const script = { type: 'stalled', chunks: [] } as const;
      const { url, lambda } = await startOverLambda(script, invoker, { ...mode, timeoutMs: 200 });
      const response = await fetch(`${url}/a`);
      expect([response.status, (await response.json()) as object]).toMatchObject([
        504,
        { code: 'LPR_DEADLINE_EXCEEDED' },
      ]);
      await lambda.callerLeft;
      expect(lambda.received).toHaveLength(1);
    });
  },
);
