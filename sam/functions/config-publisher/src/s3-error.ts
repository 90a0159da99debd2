/** A call to S3 that has failed. `missing`: there is no such object, or no such bucket. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly missing: boolean;

  /** `doing` completes "Expected to …", e.g. ``write `s3://bucket/key` ``. */
  constructor(doing: string, cause: unknown) {
    super(`Expected to ${doing}, got ${wordCause(cause)}`, { cause });
    this.missing = MISSING.includes((cause as Error).name);
  }
}

const MISSING = ['NoSuchKey', 'NotFound', 'NoSuchBucket'];

function wordCause(cause: unknown): string {
  const { name, message, code, $metadata } = cause as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  switch (name) {
    case 'NoSuchBucket':
      return 'no such bucket (NoSuchBucket)';
    case 'AbortError':
    case 'TimeoutError':
      return `no answer in time (${name})`;
    default:
  }
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return code ?? `${name}: ${message}`;
  // An answer to HEAD has no body, and so nothing that the SDK could name the error after.
  const words = name === 'Unknown' ? `HTTP ${status}` : `HTTP ${status}, ${name}: ${message}`;
  return status === 403 ? `no permission (${words})` : words;
}
