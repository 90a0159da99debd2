import assert from 'node:assert/strict';
import { describeValue } from 'lpr-protocol';
import { signedInvoker } from 'lpr-router';
import type { Invocation, InvocationMode, InvokeAnswer } from 'lpr-router';
import { lambdaContext } from '../factories/lambda-context.ts';
import { startFunction } from '../run-handler.ts';
import type { TestHandler } from '../run-handler.ts';
import { readAdapterAnswer } from './adapter-answer.ts';
import type { AdapterAnswer } from './adapter-answer.ts';
import { ADAPTER_CASES } from './adapter-cases.ts';
import type { AdapterCase } from './adapter-cases.ts';
import type { ConformanceRunner } from './invoker.ts';

/** An adapter with the conformance handler inside. */
export interface AdapterUnderTest {
  /** Hands one event to the function; the answer as it travels. */
  readonly invoke: (event: unknown) => Promise<InvokeAnswer>;
  readonly mode: InvocationMode;
  /** Whether its language has streamed bodies; cases with `chunks` are left out otherwise. Default `true`. */
  readonly streamsBodies?: boolean | undefined;
}

/** Where a deployed function is, or one in an emulator. */
export interface DeployedAdapter {
  /** Of the Lambda API, as in `AWS_ENDPOINT_URL_LAMBDA`; AWS itself by default. */
  readonly endpoint?: string | undefined;
  readonly functionArn: string;
  readonly mode: InvocationMode;
  readonly streamsBodies?: boolean | undefined;
  /** Default: what the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Runs the golden vectors of `adapter-answers.json` against an adapter: one test per vector. A stream is held to
 * the order of completion too, and its frames to their chunks.
 *
 * @example describeAdapter('ours', adapterInProcess(withBatchAdapter(conformanceHandler()), 'buffered'), { describe, it });
 */
export function describeAdapter(
  name: string,
  adapter: AdapterUnderTest,
  { describe, it }: ConformanceRunner,
): void {
  if (typeof Object(adapter).invoke !== 'function') {
    throw new TypeError(
      `Expected what \`adapterInProcess\` or \`adapterOverHttp\` gives, got ${describeValue(adapter)}`,
    );
  }
  describe(`${name} adapter`, () => {
    for (const one of ADAPTER_CASES) {
      const isStreamed = Object.values(one.expected).some(({ chunks }) => chunks !== undefined);
      if (!isStreamed || adapter.streamsBodies !== false) {
        it(one.name, () => runCase(one, adapter));
      }
    }
  });
}

/** A wrapped handler in this process, buffered or tagged as streaming. */
export function adapterInProcess(handler: TestHandler, mode: InvocationMode): AdapterUnderTest {
  return {
    mode,
    invoke: (event) => startFunction(handler, structuredClone(event), lambdaContext(), mode),
  };
}

/** A function behind the Lambda API. It has to have a timeout, and a concurrency of at least 2. */
export function adapterOverHttp(deployed: DeployedAdapter): AdapterUnderTest {
  const { functionArn, mode, streamsBodies, endpoint, credentials } = deployed;
  const invoker = signedInvoker({ endpoint, ...(credentials && { credentials }) });
  let count = 0;
  return {
    mode,
    streamsBodies,
    invoke: (event) =>
      invoker.invoke({
        batchId: `conformance-${(count += 1)}`,
        functionArn: functionArn as Invocation['functionArn'],
        mode,
        payload: Buffer.from(JSON.stringify(event)),
        deadline: Date.now() + TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
  };
}

const TIMEOUT_MS = 20_000;

async function runCase(one: AdapterCase, adapter: AdapterUnderTest): Promise<void> {
  const answer = await readAdapterAnswer(await adapter.invoke(one.input));
  const ids = Object.keys(one.expected);
  assert.deepEqual([...answer.items.keys()].toSorted(), ids.toSorted());
  for (const id of ids) {
    compare(id, one, answer);
  }
  for (const secret of [one.neverSays ?? []].flat()) {
    assert.ok(!answer.text.includes(secret), `Expected no \`${secret}\` in ${answer.text}`);
  }
  if (adapter.mode === 'buffered') {
    assert.deepEqual(answer.completion, ids, 'Expected the order of the batch');
  } else if (one.completion !== undefined) {
    assert.deepEqual(answer.completion, one.completion, 'Expected the order of completion');
  }
}

function compare(id: string, { expected }: AdapterCase, { items }: AdapterAnswer): void {
  const wanted = expected[id]!;
  const got = items.get(id)!;
  assert.equal(got.statusCode, wanted.statusCode, `statusCode of ${id}`);
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    assert.equal(got.headers[name.toLowerCase()], value, `header ${name} of ${id}`);
  }
  if (wanted.cookies !== undefined) {
    assert.deepEqual(got.cookies, wanted.cookies, `cookies of ${id}`);
  }
  if (wanted.body !== undefined) {
    assert.equal(got.pieces.join(''), wanted.body, `body of ${id}`);
  }
  if (wanted.chunks !== undefined && got.isFramed) {
    assert.deepEqual(got.pieces, wanted.chunks, `chunks of ${id}`);
  }
}
