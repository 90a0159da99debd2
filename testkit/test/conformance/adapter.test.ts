import {
  withBatchAdapter,
  withBatchAdapterStream,
  withNativeBatch,
  withNativeBatchStream,
} from 'lpr-lambda-adapter';
import type { ItemEvent, NativeAnswer } from 'lpr-lambda-adapter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adapterInProcess,
  adapterOverHttp,
  conformanceHandler,
  describeAdapter,
} from 'lpr-testkit';
import type { AdapterUnderTest } from 'lpr-testkit';
import { startConformanceEmulator } from './conformance-functions.ts';
import type { ConformanceEmulator } from './conformance-functions.ts';

const runner = { describe, it };
const quiet = { onError: () => undefined };
const inside = conformanceHandler() as (
  event: ItemEvent,
) => ReturnType<ReturnType<typeof conformanceHandler>>;

/** What a native handler, which returns structured answers, has to make of the others itself. */
function structured(id: string, answer: unknown): NativeAnswer {
  if (typeof answer === 'object' && answer !== null && 'statusCode' in answer) {
    return { ...(answer as object), id };
  }
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return { id, statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}
const failed = { statusCode: 500, body: '{"message":"Internal Server Error"}' };

const buffered = withBatchAdapter(inside, quiet);
describeAdapter('buffered', adapterInProcess(buffered, 'buffered'), runner);
for (const interleaved of [false, 'auto', true] as const) {
  const streamed = withBatchAdapterStream(inside, { ...quiet, interleaved });
  const name = `streamed (interleaved: ${interleaved})`;
  describeAdapter(name, adapterInProcess(streamed, 'stream'), runner);
}
const native = withNativeBatch(
  (items) =>
    Promise.all(
      items.map(async ({ requestId, event }) =>
        structured(requestId, await inside(event).catch(() => failed)),
      ),
    ),
  quiet,
);
describeAdapter('native', adapterInProcess(native, 'buffered'), runner);
const nativeStream = withNativeBatchStream(async (items, writer) => {
  await Promise.all(
    items.map(async ({ requestId, event }) =>
      writer.respond(requestId, await inside(event).catch(() => failed)),
    ),
  );
}, quiet);
describeAdapter('native streamed', adapterInProcess(nativeStream, 'stream'), runner);

let emulator: ConformanceEmulator;
beforeAll(async () => {
  emulator = await startConformanceEmulator();
});
afterAll(() => emulator.close());
/** Connects when the first case runs: cases are listed before anything is started. */
const later = (functionName: string, mode: AdapterUnderTest['mode']): AdapterUnderTest => ({
  mode,
  invoke: (event) =>
    adapterOverHttp({
      endpoint: emulator.endpoint,
      functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
      mode,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }).invoke(event),
});
describeAdapter('buffered, over HTTP', later('buffered', 'buffered'), runner);
describeAdapter('streamed, over HTTP', later('streamed', 'stream'), runner);

/** Runs the suite over an adapter without a runner; gives the titles of what failed. */
async function failuresOf(adapter: AdapterUnderTest): Promise<string[]> {
  const cases: { title: string; body: () => Promise<void> }[] = [];
  describeAdapter('broken', adapter, {
    describe: (_name, body) => body(),
    it: (title, body) => cases.push({ title, body }),
  });
  const titles: string[] = [];
  for (const { title, body } of cases) await body().catch(() => titles.push(title));
  return titles;
}

describe('the suite', () => {
  const wrap = (handler: (event: never) => unknown) => adapterInProcess(handler, 'buffered');
  const good = withBatchAdapter(inside, quiet);

  it('leaves out streamed bodies where a language has none', async () => {
    const titles: string[] = [];
    const adapter = { ...wrap(good), streamsBodies: false };
    describeAdapter('x', adapter, {
      describe: (_, body) => body(),
      it: (title) => titles.push(title),
    });
    expect(titles).not.toContain('chunks are never merged');
    expect(titles).toHaveLength(22);
  });

  it('wants an adapter, not the handler', () => {
    expect(() => describeAdapter('x', good as never, runner)).toThrow(
      'Expected what `adapterInProcess` or `adapterOverHttp` gives, got function',
    );
  });

  it('finds an adapter that leaks the error', async () => {
    const leaking = withBatchAdapter(inside, {
      ...quiet,
      errorResponse: (error) => ({ statusCode: 500, body: String(error) }),
    });
    expect(await failuresOf(wrap(leaking))).toContain(
      'an item that throws fails alone, and says nothing of the error',
    );
  });

  it('finds an adapter that answers in the order of completion', async () => {
    const failing = await failuresOf(
      wrap(async (event: never) => {
        const answer = await good(event);
        return { ...answer, responses: answer.responses.toReversed() };
      }),
    );
    expect(failing).toContain('every item gets its own answer');
  });

  it('finds an adapter that merges chunks, and one that runs items one after the other', async () => {
    const merging = withBatchAdapterStream(
      async (event) => {
        const answer = await inside(event);
        if (typeof answer !== 'object' || !('body' in answer)) return answer;
        const { body } = answer as { body?: AsyncIterable<string> | string };
        if (typeof body !== 'object') return answer;
        return { ...answer, body: [(await Array.fromAsync(body)).join('')] };
      },
      { ...quiet, interleaved: true },
    );
    expect(await failuresOf(adapterInProcess(merging, 'stream'))).toEqual([
      'chunks are never merged',
    ]);
  });

  it('finds an adapter that answers an id twice', async () => {
    const twice = adapterInProcess(async (event: never) => {
      const { v, responses } = await good(event);
      return [...responses, ...responses]
        .map((one) => `${JSON.stringify({ v, ...one })}\n`)
        .join('');
    }, 'stream');
    expect((await failuresOf(twice)).length).toBeGreaterThan(15);
  });
});
