import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerObserver } from './http/write-response.ts';
import type { Clock } from './batching/clock.ts';
import type { RouterConfig } from './config/router-config.ts';
import type { InjectRequest, InjectResponse } from './http/server.ts';
import type { Invoker } from './invoke/invoker.ts';
import type { Tracing } from './telemetry/tracing.ts';

export interface CreateRouterOptions {
  /** A manifest's location, a manifest as an object, or a configuration that was compiled already. */
  readonly config: string | object | RouterConfig;
  /** Default: the one that the configuration names. The caller closes one that it gives. */
  readonly invoker?: Invoker;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Adds `x-lpr-batch-size` to answers. Default: the environment's `LPR_INCLUDE_BATCH_SIZE_HEADER`. */
  readonly includeBatchSizeHeader?: boolean;
  /** Adds `Server-Timing` to answers. Default: the environment's `LPR_SERVER_TIMING`. */
  readonly serverTiming?: boolean;
  /** Serves a path of the router's server, and everything below it, in place of the routes. */
  readonly mount?: Mount;
  /** Told of each request before it is handled; what it returns is told of the answer. */
  readonly observe?: (request: ObservedRequest) => AnswerObserver | undefined;
  /** Traces requests and invocations; is given the router's id. Default: no traces. */
  readonly startTracing?: (routerId: string) => Promise<Tracing | undefined>;
}

/** What a program built on the router serves beside the routes. */
export interface Mount {
  /** Without a slash at its end, such as `/__admin`. */
  readonly path: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A request as it came, whether or not it meets a route. Its body has not been read. */
export interface ObservedRequest {
  /** As in the batch and in the channels' messages. */
  readonly requestId: string;
  readonly request: IncomingMessage;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface CloseOptions {
  /** How long to go on serving, unready and without windows, before refusing, in ms. Default 0. */
  readonly drainDelayMs?: number;
}

/** What a router holds at a moment. */
export interface RouterStats {
  /** Requests from their arrival until their answer has left. */
  readonly inflightRequests: number;
  readonly openBatches: number;
  /** Released batches that wait for an invocation. */
  readonly waitingBatches: number;
  /** Requests in those. */
  readonly queueDepth: number;
  readonly inflightInvocations: number;
}

/** A running router. */
export interface Router extends AsyncDisposable {
  /** Marks its messages on the diagnostics channels. */
  readonly id: string;
  /** The configuration in force. */
  readonly config: RouterConfig;
  /** Where the management paths are served, once it listens, if not beside the routes. */
  readonly adminUrl: string | undefined;
  /** Listens at `address`, by default at the configuration's `ListenAddr`; resolves to the URL. */
  listen(address?: ListenAddress): Promise<string>;
  /** Answers a request without a socket. */
  inject(request: InjectRequest): Promise<InjectResponse>;
  /** What is going on right now. */
  stats(): RouterStats;
  /** Serves new requests under `config`; those in flight finish under theirs. Addresses stay. */
  reload(config: RouterConfig): void;
  /**
   * Releases open batches, waits for every answer (at most `DrainTimeoutMs`), then closes all
   * connections.
   */
  close(options?: CloseOptions): Promise<void>;
}
