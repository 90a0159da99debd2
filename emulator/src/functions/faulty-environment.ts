import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FunctionFailure, exited } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { HTTP_INTEGRATION_CONTENT_TYPE } from '../runtime/streamify.ts';
import type { Faults } from './faults.ts';
import { corruptBuffered, corruptStreamed, recordCorrupter } from './faulty-records.ts';
import type { CorruptRecord } from './faulty-records.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { InvocationReport } from './invocation-report.ts';

export interface FaultyEnvironmentOptions {
  readonly functionName: string;
  readonly environment: ExecutionEnvironment;
  readonly faults: Faults;
  readonly random: () => number;
}

/** An environment in which things go wrong on purpose, the same things for the same random numbers. */
export class FaultyEnvironment implements ExecutionEnvironment {
  readonly #options: FaultyEnvironmentOptions;
  readonly #corrupt: CorruptRecord;

  constructor(options: FaultyEnvironmentOptions) {
    this.#options = options;
    this.#corrupt = recordCorrupter(options.faults, options.random);
  }

  prepare(): Promise<Preparation> {
    return this.#options.environment.prepare();
  }

  async invoke(invocation: FunctionInvocation): Promise<FunctionOutcome> {
    const { environment, faults, random } = this.#options;
    const { requestId = randomUUID() } = invocation;
    const crashes = random() < (faults.crashRate ?? 0);
    const cuts = random() < (faults.cutRate ?? 0);
    if (faults.latencyMs !== undefined) await delay(faults.latencyMs);
    if (crashes) return this.#crash(requestId);
    const outcome = await environment.invoke({ ...invocation, requestId });
    if (outcome.cold && faults.coldStartMs !== undefined) await delay(faults.coldStartMs);
    switch (outcome.type) {
      case 'error':
        return outcome;
      case 'buffered':
        return { ...outcome, bytes: corruptBuffered(outcome.bytes, this.#corrupt) };
      case 'stream': {
        if (outcome.contentType === HTTP_INTEGRATION_CONTENT_TYPE && !cuts) return outcome;
        const chunks = corruptStreamed(outcome.chunks, this.#corrupt);
        return { ...outcome, chunks: cuts ? cut(chunks, exited(requestId, 1)) : chunks };
      }
      default:
        return outcome satisfies never;
    }
  }

  close(): Promise<void> {
    return this.#options.environment.close();
  }

  #crash(requestId: string): FunctionOutcome {
    const { functionName } = this.#options;
    const error = exited(requestId, 1);
    const report = new InvocationReport(functionName, requestId);
    report.ended(error);
    return report.failure(error);
  }
}

/** Half of the first chunk, then the failure. */
async function* cut(
  chunks: AsyncIterable<Uint8Array>,
  error: FunctionErrorPayload,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk.subarray(0, Math.ceil(chunk.byteLength / 2));
    break;
  }
  throw new FunctionFailure(error);
}
