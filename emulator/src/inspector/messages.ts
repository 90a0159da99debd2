// What the inspector's server and its page say to each other, as JSON. Types only: the page imports them, too.

/** A function's error, as in the Lambda API. */
export interface ErrorNote {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** An invocation of a function: a batch of the router, or a call through the Lambda API. */
export interface BatchSummary {
  /** Of the batch, which is the request id of its invocation. */
  readonly id: string;
  readonly source: 'router' | 'lambda-api';
  /** The path template; a call through the Lambda API has none. */
  readonly route?: string;
  readonly functionName: string;
  readonly streaming: boolean;
  /** Items in the event. */
  readonly size: number;
  /** Of the router's requests, in the order of their items. */
  readonly requestIds: readonly string[];
  readonly reason?: string;
  /** Epoch ms: when the function was called. */
  readonly releasedAtMs: number;
  /** From the first arrival to the release, in ms. */
  readonly waitMs: number;
  /** Number of the execution environment, once there is one. */
  readonly environment?: number;
  readonly cold?: boolean;
  /** Loading the handler, in ms, when it was cold. */
  readonly initMs?: number;
  /** Until the answer was there whole, in ms; absent while it runs. */
  readonly durationMs?: number;
  /** A code of the router, or a type of error. */
  readonly failure?: string;
  readonly retries: number;
  /** Records that reached nobody, or that cost their request a 502. */
  readonly dropped: number;
}

/** A request of a client of the router. */
export interface RequestSummary {
  readonly id: string;
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly target: string;
  /** Epoch ms. */
  readonly arrivedAtMs: number;
  /** The path template; absent until it is known, and where none matches. */
  readonly route?: string;
  readonly batchId?: string;
  readonly status?: number;
  /** The first byte of the answer, in ms from the arrival. */
  readonly headMs?: number;
  /** The end of the answer, in ms from the arrival; absent while the request is under way. */
  readonly totalMs?: number;
  readonly bytesOut?: number;
  /** Why the router answered for the function. */
  readonly failure?: string;
  /** Where it was when its client left. */
  readonly cancelled?: string;
  /** The request that this one repeats. */
  readonly replayOf?: string;
}

export interface EnvironmentSummary {
  readonly id: number;
  readonly functionName: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly initMs: number;
  readonly invocations: number;
  /** Invocations under way. */
  readonly running: number;
  /** Epoch ms. */
  readonly lastUsedAtMs?: number;
  /** Set when it takes no more. */
  readonly ended?: true;
}

export interface FunctionSummary {
  readonly name: string;
  /** As in a manifest: `dir/file.export`. */
  readonly handler: string;
  /** `in-process`, `worker`, or what runs it in a process of its own. */
  readonly runsIn: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  /** What goes wrong on purpose. */
  readonly faults: boolean;
  /** Why it cannot be loaded. */
  readonly error?: ErrorNote;
}

export interface RouteSummary {
  readonly method: string;
  readonly path: string;
  readonly functionName: string;
  readonly maxBatchSize: number;
  readonly maxWaitMs: number;
  readonly streaming: boolean;
}

/** The latest reload. */
export interface ReloadNote {
  readonly atMs: number;
  readonly ok: boolean;
  readonly text: string;
}

/** What is rarely another: it is sent whole. */
export interface Setting {
  readonly routes: readonly RouteSummary[];
  readonly functions: readonly FunctionSummary[];
  readonly reload?: ReloadNote;
}

/** What has changed; an entry replaces the one of the same id. */
export interface Update {
  readonly batches: readonly BatchSummary[];
  readonly requests: readonly RequestSummary[];
  readonly environments: readonly EnvironmentSummary[];
  /** Ids of batches and requests, and numbers of environments, that are not kept any more. */
  readonly gone: readonly (string | number)[];
  readonly setting?: Setting;
}

/** Everything, when a page begins to listen. */
export interface Snapshot extends Update {
  readonly setting: Setting;
  /** The emulator's clock, epoch ms: the page's may be another. */
  readonly nowMs: number;
}

/** A payload or body, as far as it is shown. */
export interface Shown {
  readonly text: string;
  /** Of the whole. */
  readonly bytes: number;
  /** Not all of it: the rest was not kept, or is too much to show. */
  readonly cut: boolean;
  /** Bytes that are no text; `text` is empty. */
  readonly binary: boolean;
}

/** What the function sent: a line of a stream, a piece of one that has no lines, or a buffered answer. */
export interface ArrivedRecord extends Shown {
  /** From the release, in ms. */
  readonly atMs: number;
}

export interface DroppedNote {
  readonly kind: string;
  readonly requestId?: string;
  /** From the release, in ms. */
  readonly atMs: number;
}

export interface RetryNote {
  readonly attempt: number;
  readonly code: string;
  /** Until the next attempt, in ms. */
  readonly delayMs: number;
}

export interface LogNote {
  /** Epoch ms. */
  readonly atMs: number;
  readonly level: string;
  readonly text: string;
}

export interface BatchDetail {
  readonly summary: BatchSummary;
  readonly requests: readonly RequestSummary[];
  readonly event: Shown;
  readonly records: readonly ArrivedRecord[];
  /** Records after those that are kept. */
  readonly recordsCut: number;
  readonly dropped: readonly DroppedNote[];
  readonly retries: readonly RetryNote[];
  readonly logs: readonly LogNote[];
  readonly logsCut: number;
  readonly error?: ErrorNote;
  /** What would fail in Lambda, and failures after the end. */
  readonly warnings: readonly string[];
}

export interface RequestDetail {
  readonly summary: RequestSummary;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly answer?: {
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: Shown;
    /** Pieces that the body was sent in. */
    readonly writes: number;
  };
  /** Why it cannot be replayed. */
  readonly notReplayable?: string;
}

/** What a replay came to: the ids of the new requests, in the order that was asked for. */
export interface Replayed {
  readonly requestIds: readonly (string | undefined)[];
}
