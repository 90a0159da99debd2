import type { Operation } from '../routing/operation.ts';

/** Which request headers reach a function. Names are lower case; `deny` wins over `allow`. */
export interface ForwardHeaders {
  /** `undefined` lets every header through that is not denied. */
  readonly allow: ReadonlySet<string> | undefined;
  readonly deny: ReadonlySet<string>;
}

/** A checked, immutable configuration with every default applied. */
export interface RouterConfig {
  /** The file it came from, as named by the caller, or the name given to a configuration object. */
  readonly source: string;
  /** `undefined` only where the caller said that `ListenAddr` may be left out. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /** `AwsRegion` as configured; when `undefined`, the region in each function's ARN counts. */
  readonly awsRegion: string | undefined;
  readonly maxInflightInvocations: number;
  readonly defaultTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxInvokePayloadBytes: number;
  readonly maxRecordBytes: number;
  readonly clientBufferBytes: number;
  readonly forwardHeaders: ForwardHeaders;
  readonly operations: readonly Operation[];
}
