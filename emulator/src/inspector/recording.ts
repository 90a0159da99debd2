import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { ArrivedRecords } from './arrived-records.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type {
  BatchSummary,
  DroppedNote,
  EnvironmentSummary,
  LogNote,
  RequestSummary,
  RetryNote,
} from './messages.ts';

/** How many of each are kept. */
const MAX_BATCHES = 500;
const MAX_LONE_REQUESTS = 500;
const MAX_WAITING_REQUESTS = 5000;
const MAX_ENVIRONMENTS = 200;
/** Bytes of events, answers and headers that are kept, of all together. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Lines of a function's log that are kept of one invocation. */
const MAX_LOGS = 200;

/** What is kept of an entry, in bytes. */
interface Weighed {
  bytes: number;
}

export interface BatchRecord extends Weighed {
  summary: BatchSummary;
  /** The event, whole: requests are replayed from it. */
  readonly payload: Uint8Array;
  records: ArrivedRecords;
  readonly dropped: DroppedNote[];
  readonly retries: RetryNote[];
  readonly logs: LogNote[];
  /** Lines that were not kept. */
  logsCut: number;
  error: FunctionErrorPayload | undefined;
  readonly warnings: string[];
}

export interface RequestRecord extends Weighed {
  summary: RequestSummary;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  answer: RecordedAnswer | undefined;
}

/** What a client was sent. */
export interface RecordedAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: KeptBytes;
  writes: number;
}

/** What has changed, by id. */
export interface Changes {
  readonly batches: ReadonlySet<string>;
  readonly requests: ReadonlySet<string>;
  readonly environments: ReadonlySet<number>;
  readonly gone: ReadonlySet<string | number>;
}

/**
 * The recent past of one emulator, in bounded memory: the oldest batches, with their requests, make room
 * for new ones. A batch or request that is not there any more is not recorded any further.
 */
export class Recording {
  readonly batches = new Map<string, BatchRecord>();
  readonly requests = new Map<string, RequestRecord>();
  readonly environments = new Map<number, EnvironmentSummary>();
  /** Called when something has changed and `takeChanges()` has something to give. */
  onChange: (() => void) | undefined;
  #changes = noChanges();
  /** Requests that are in no batch yet. */
  readonly #waiting = new Set<string>();
  /** Requests that are over, and were in no batch. */
  readonly #lone = new Set<string>();
  #bytes = 0;

  /** What has changed since the last time. */
  takeChanges(): Changes {
    const changes = this.#changes;
    this.#changes = noChanges();
    return changes;
  }

  addBatch(summary: BatchSummary, payload: Uint8Array): void {
    const batch: BatchRecord = {
      summary,
      payload,
      records: new ArrivedRecords(),
      dropped: [],
      retries: [],
      logs: [],
      logsCut: 0,
      error: undefined,
      warnings: [],
      bytes: 0,
    };
    this.batches.set(summary.id, batch);
    for (const id of summary.requestIds) this.#waiting.delete(id);
    this.#changed('batches', summary.id);
    this.weigh(batch, payload.byteLength);
  }

  /** Counts bytes that an entry keeps from now on; the oldest batches make room for them. */
  weigh(entry: Weighed, bytes: number): void {
    entry.bytes += bytes;
    this.#bytes += bytes;
    for (const id of this.batches.keys()) {
      if (this.batches.size <= MAX_BATCHES && this.#bytes <= MAX_BYTES) return;
      this.#dropBatch(id);
    }
  }

  /** Changes a batch, if it is there. */
  changeBatch(id: string, change: (batch: BatchRecord) => Partial<BatchSummary> | undefined): void {
    const batch = this.batches.get(id);
    if (batch === undefined) return;
    const changed = change(batch);
    if (changed === undefined) return;
    batch.summary = { ...batch.summary, ...changed };
    this.#changed('batches', id);
  }

  addLog(id: string, log: LogNote): void {
    this.changeBatch(id, (batch) => {
      if (batch.logs.length < MAX_LOGS) {
        batch.logs.push(log);
        this.weigh(batch, log.text.length);
      } else batch.logsCut += 1;
      return {};
    });
  }

  addRequest(summary: RequestSummary, rawHeaders: readonly string[]): void {
    const { id, target } = summary;
    const request: RequestRecord = { summary, rawHeaders, answer: undefined, bytes: 0 };
    this.requests.set(id, request);
    this.#waiting.add(id);
    this.#changed('requests', id);
    this.weigh(request, rawHeaders.join('').length + target.length);
    this.#dropOldest(this.#waiting, MAX_WAITING_REQUESTS);
  }

  changeRequest(id: string, changed: Partial<RequestSummary>): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    request.summary = { ...request.summary, ...changed };
    this.#changed('requests', id);
    if (request.summary.totalMs === undefined || !this.#waiting.delete(id)) return;
    this.#lone.add(id);
    this.#dropOldest(this.#lone, MAX_LONE_REQUESTS);
  }

  changeEnvironment(id: number, environment: EnvironmentSummary): void {
    this.environments.set(id, environment);
    this.#changed('environments', id);
    while (this.environments.size > MAX_ENVIRONMENTS) {
      const ended = [...this.environments.values()].find((one) => one.ended);
      this.environments.delete((ended ?? environment).id);
      this.#gone((ended ?? environment).id);
    }
  }

  /** Forgets what is over. */
  clear(): void {
    for (const [id, { summary }] of this.batches) {
      if (summary.durationMs !== undefined) this.#dropBatch(id);
    }
    for (const [id, { summary }] of this.requests) {
      if (summary.totalMs !== undefined) this.#dropRequest(id);
    }
    for (const { id, ended } of this.environments.values()) {
      if (ended && this.environments.delete(id)) this.#gone(id);
    }
  }

  #dropBatch(id: string): void {
    const batch = this.batches.get(id);
    if (batch === undefined) return;
    for (const requestId of batch.summary.requestIds) this.#dropRequest(requestId);
    this.batches.delete(id);
    this.#bytes -= batch.bytes;
    this.#gone(id);
  }

  #dropOldest(ids: ReadonlySet<string>, limit: number): void {
    const [oldest] = ids;
    if (ids.size > limit && oldest !== undefined) this.#dropRequest(oldest);
  }

  #dropRequest(id: string): void {
    const request = this.requests.get(id);
    if (request === undefined) return;
    this.requests.delete(id);
    this.#waiting.delete(id);
    this.#lone.delete(id);
    this.#bytes -= request.bytes;
    this.#gone(id);
  }

  #gone(id: string | number): void {
    this.#changes.batches.delete(String(id));
    this.#changes.requests.delete(String(id));
    this.#changes.environments.delete(Number(id));
    this.#changes.gone.add(id);
    this.onChange?.();
  }

  #changed(kind: 'batches' | 'requests', id: string): void;
  #changed(kind: 'environments', id: number): void;
  #changed(kind: 'batches' | 'requests' | 'environments', id: string | number): void {
    (this.#changes[kind] as Set<string | number>).add(id);
    this.onChange?.();
  }
}

function noChanges() {
  return {
    batches: new Set<string>(),
    requests: new Set<string>(),
    environments: new Set<number>(),
    gone: new Set<string | number>(),
  };
}
