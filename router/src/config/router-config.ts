import type { BlockList } from 'node:net';
import type { Operation } from '../routing/operation.ts';

/** Which request headers reach a function. Names are lower case; `deny` wins over `allow`. */
export interface ForwardHeaders {
  /** `undefined` lets every header through that is not denied. */
  readonly allow: ReadonlySet<string> | undefined;
  readonly deny: ReadonlySet<string>;
}

/** Whose word on a client's address counts: nobody's, that of so many proxies before this router, or that of proxies in these networks. */
export type TrustedProxies =
  | { readonly type: 'none' }
  /** At least 1. */
  | { readonly type: 'hops'; readonly hops: number }
  | { readonly type: 'networks'; readonly blockList: BlockList };

/** Which client calls Lambda: the AWS SDK's, or the router's own signed requests. */
export type InvokerName = 'sdk' | 'signed';

/** An address to listen at; port 0 takes a free one. */
export interface ConfiguredAddress {
  readonly host: string;
  readonly port: number;
}

/** A checked, immutable configuration with every default applied. */
export interface RouterConfig {
  /** The file it came from, as named by the caller, or the name given to a configuration object. */
  readonly source: string;
  /** `undefined` only where the caller said that `ListenAddr` may be left out. */
  readonly listen: ConfiguredAddress | undefined;
  /** Where the management paths are served instead; `undefined` leaves them at `listen`. */
  readonly adminListen: ConfiguredAddress | undefined;
  /** `AwsRegion` as configured; when `undefined`, the region in each function's ARN counts. */
  readonly awsRegion: string | undefined;
  readonly invoker: InvokerName;
  readonly maxInflightInvocations: number;
  readonly maxInflightRequests: number;
  readonly maxPendingInvocations: number;
  readonly maxQueueDepthPerKey: number;
  readonly idleTtlMs: number;
  readonly defaultTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly streamIdleTimeoutMs: number;
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxInvokePayloadBytes: number;
  readonly maxRecordBytes: number;
  readonly clientBufferBytes: number;
  readonly forwardHeaders: ForwardHeaders;
  readonly trustedProxies: TrustedProxies;
  readonly operations: readonly Operation[];
}
