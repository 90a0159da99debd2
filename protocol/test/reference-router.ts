import {
  advanceSequence,
  decodeBody,
  NdjsonDecoder,
  parseBufferedAnswer,
  WireCode,
} from '../src/index.ts';
import type { AnswerRecord, RecordResult, SequenceState } from '../src/index.ts';

/** What one client sees; bodies in hexadecimal. */
export type Outcome =
  | {
      readonly outcome: 'answered' | 'broken';
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly cookies: readonly string[];
      readonly body: string;
    }
  | {
      readonly outcome: 'failed';
      readonly statusCode: number;
      readonly code?: string;
      readonly message?: string;
    };

export interface Outcomes {
  readonly clients: Readonly<Record<string, Outcome>>;
  readonly dropped: number;
}

interface Client {
  state: SequenceState;
  failure: Outcome | undefined;
  broken: boolean;
  head: {
    statusCode: number;
    headers: Readonly<Record<string, string>>;
    cookies: readonly string[];
  };
  readonly body: Uint8Array[];
}

/** The shortest router that keeps contract §2 and §3: it shows that the vectors hang together. */
export class ReferenceRouter {
  readonly #clients = new Map<string, Client>();
  #dropped = 0;

  constructor(ids: readonly string[]) {
    for (const id of ids) {
      const head = { statusCode: 200, headers: {}, cookies: [] };
      this.#clients.set(id, {
        state: 'waiting',
        failure: undefined,
        broken: false,
        head,
        body: [],
      });
    }
  }

  answerBuffered(bytes: Buffer): Outcomes {
    let document: unknown;
    try {
      document = JSON.parse(bytes.toString('utf8'));
    } catch {
      return this.#failRest({ outcome: 'failed', statusCode: 502 });
    }
    const answer = parseBufferedAnswer(document);
    if (!answer.ok) {
      const failure: Outcome = { outcome: 'failed', statusCode: 502 };
      return this.#failRest(
        answer.kind === 'not_batch_answer' ? { ...failure, code: WireCode.NotBatchAware } : failure,
      );
    }
    answer.results.forEach((result) => this.#take(result));
    return this.#failRest({ outcome: 'failed', statusCode: 502, code: WireCode.MissingResponse });
  }

  answerStream(bytes: Buffer): Outcomes {
    const decoder = new NdjsonDecoder();
    [...decoder.push(bytes), ...decoder.end()].forEach((result) => this.#take(result));
    return this.#failRest({ outcome: 'failed', statusCode: 502, code: WireCode.MissingResponse });
  }

  #take(result: RecordResult): void {
    const id = result.ok ? result.record.id : result.id;
    const client = id === undefined ? undefined : this.#clients.get(id);
    if (client === undefined) {
      this.#dropped += 1;
      return;
    }
    const step = advanceSequence(client.state, result.ok ? result.record.type : 'error');
    if (step.violation !== undefined) {
      this.#dropped += 1;
      return;
    }
    const begun = client.state === 'headed';
    client.state = step.state;
    if (!result.ok) {
      this.#fail(client, begun, { outcome: 'failed', statusCode: 502 });
    } else if (result.record.type === 'error') {
      const { statusCode, message } = result.record;
      this.#fail(client, begun, { outcome: 'failed', statusCode, message });
    } else {
      apply(client, result.record);
    }
  }

  #fail(client: Client, begun: boolean, failure: Outcome): void {
    client.broken = begun;
    client.failure = begun ? undefined : failure;
  }

  #failRest(failure: Outcome): Outcomes {
    const clients: Record<string, Outcome> = {};
    for (const [id, client] of this.#clients) {
      if (client.state !== 'ended') {
        this.#fail(client, client.state === 'headed', failure);
      }
      clients[id] = client.failure ?? {
        outcome: client.broken ? 'broken' : 'answered',
        ...client.head,
        body: Buffer.concat(client.body).toString('hex'),
      };
    }
    return { clients, dropped: this.#dropped };
  }
}

function apply(client: Client, record: Exclude<AnswerRecord, { type: 'error' }>): void {
  if (record.type === 'response' || record.type === 'head') {
    const { statusCode, headers, cookies } = record;
    client.head = { statusCode, headers, cookies };
  }
  if (record.type === 'response' || record.type === 'chunk') {
    client.body.push(decodeBody(record.body, record.isBase64Encoded) ?? new Uint8Array());
  }
}
