import type { ClientRequest } from 'node:http';
import {
  MAX_BUFFERED_ANSWER_BYTES,
  NDJSON_CONTENT_TYPE,
  PROTOCOL_VERSION,
  WireCode,
  encodeRecord,
} from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import { collectBody } from './collect-body.ts';
import { invocationPath } from './runtime-api-client.ts';
import type { Headers, RuntimeApiClient } from './runtime-api-client.ts';
import { failureRecord } from './to-record.ts';

/** Why an invocation failed, as the Runtime API wants it. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Which invocation is answered. */
export interface AnsweredInvocation {
  readonly id: string;
  /** What the API wants to see again: `Lambda-Runtime-Invocation-Id`, when it was sent. */
  readonly echoed: Headers;
}

/** The answer to a batch in the making. */
export interface BatchAnswer {
  /** Whether some of it has been sent. */
  readonly begun: boolean;
  write(record: ResponseRecord): void;
  /** Completes the answer, as failed where there is a `failure`. Rejects when the API did not take it. */
  end(failure?: Failure): Promise<void>;
}

const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';

/** Reports an invocation as failed; possible only before its answer has begun. */
export async function postError(
  client: RuntimeApiClient,
  { id, echoed }: AnsweredInvocation,
  failure: Failure,
): Promise<void> {
  const headers = {
    ...echoed,
    'Content-Type': 'application/json',
    [ERROR_TYPE]: failure.errorType,
  };
  const body = JSON.stringify({ ...failure, stackTrace: [] });
  expectAccepted((await client.post(invocationPath(id, 'error'), headers, [body])).status);
}

/** Sends each record as a line of NDJSON as soon as it is there. `onLost`: nobody reads on. */
export class StreamedBatchAnswer implements BatchAnswer {
  readonly #client: RuntimeApiClient;
  readonly #invocation: AnsweredInvocation;
  readonly #onLost: (error: Error) => void;
  #request: ClientRequest | undefined;
  #accepted: Promise<number> | undefined;

  constructor(
    client: RuntimeApiClient,
    invocation: AnsweredInvocation,
    onLost: (error: Error) => void,
  ) {
    this.#client = client;
    this.#invocation = invocation;
    this.#onLost = onLost;
  }

  get begun(): boolean {
    return this.#request !== undefined;
  }

  write(record: ResponseRecord): void {
    this.#open().write(encodeRecord(record));
  }

  async end(failure?: Failure): Promise<void> {
    const request = this.#open();
    if (failure !== undefined) {
      request.addTrailers({
        [ERROR_TYPE]: failure.errorType,
        [ERROR_BODY]: Buffer.from(JSON.stringify(failure)).toString('base64'),
      });
    }
    request.end();
    expectAccepted((await this.#accepted) ?? 0);
  }

  #open(): ClientRequest {
    if (this.#request !== undefined) return this.#request;
    const { id, echoed } = this.#invocation;
    const request = this.#client.open(invocationPath(id, 'response'), {
      ...echoed,
      'Content-Type': NDJSON_CONTENT_TYPE,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: `${ERROR_TYPE}, ${ERROR_BODY}`,
    });
    this.#request = request;
    this.#accepted = new Promise((resolve, reject) => {
      const lose = (error: Error): void => {
        reject(error);
        this.#onLost(error);
      };
      request.on('error', lose);
      request.once('response', (answer) => {
        const { statusCode = 0 } = answer;
        if (!request.writableEnded)
          lose(new Error(`The Runtime API answered ${statusCode} too early`));
        void collectBody(answer).then(() => resolve(statusCode));
      });
    });
    // Met by `end()`; a loss in the middle is told to `onLost` at once.
    this.#accepted.catch(() => undefined);
    return request;
  }
}

const DOCUMENT_START = `{"v":${PROTOCOL_VERSION},"responses":[`;
const DOCUMENT_END = ']}';

/** Sends one document with all answers in the order of the batch, for callers that do not read streams. */
export class BufferedBatchAnswer implements BatchAnswer {
  readonly begun = false;
  readonly #client: RuntimeApiClient;
  readonly #invocation: AnsweredInvocation;
  /** The answers as JSON, by id, in the order of the batch. */
  readonly #answers: Map<string, string>;

  constructor(client: RuntimeApiClient, invocation: AnsweredInvocation, ids: readonly string[]) {
    this.#client = client;
    this.#invocation = invocation;
    this.#answers = new Map(ids.map((id) => [id, '']));
  }

  write(record: ResponseRecord): void {
    this.#answers.set(record.id, toJson(record));
  }

  async end(): Promise<void> {
    const { id, echoed } = this.#invocation;
    const headers = { ...echoed, 'Content-Type': 'application/json' };
    const pieces = [DOCUMENT_START];
    for (const answer of this.#fitting()) pieces.push(pieces.length > 1 ? ',' : '', answer);
    pieces.push(DOCUMENT_END);
    const { status } = await this.#client.post(invocationPath(id, 'response'), headers, pieces);
    expectAccepted(status);
  }

  // One document that is too large would fail all of its items: the largest give way until it fits.
  #fitting(): Iterable<string> {
    const sizes = new Map(
      [...this.#answers].map(([id, json]) => [id, Buffer.byteLength(json) + 1]),
    );
    let total = DOCUMENT_START.length + DOCUMENT_END.length;
    for (const size of sizes.values()) total += size;
    const bySize = [...sizes].sort(([, one], [, other]) => other - one);
    for (const [id, size] of bySize) {
      if (total <= MAX_BUFFERED_ANSWER_BYTES) break;
      const message = 'The answers of this batch are larger than Lambda takes';
      const json = toJson(failureRecord(id, 502, WireCode.BadResponse, message));
      total += Buffer.byteLength(json) + 1 - size;
      this.#answers.set(id, json);
    }
    return this.#answers.values();
  }
}

function toJson({
  id,
  statusCode,
  headers,
  cookies,
  body,
  isBase64Encoded,
}: ResponseRecord): string {
  const some = cookies.length > 0 ? cookies : undefined;
  return JSON.stringify({ id, statusCode, headers, cookies: some, body, isBase64Encoded });
}

function expectAccepted(status: number): void {
  if (status !== 202) throw new Error(`Expected the Runtime API to answer 202, got ${status}`);
}
