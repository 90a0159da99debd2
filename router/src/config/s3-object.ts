/** How long to wait for a connection, and then for an answer, in ms: a start that hangs says nothing. */
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 15_000 };

/** An object in S3 that is read when asked; `explain` puts why that failed into the words of a problem. */
export interface S3Object {
  text(): Promise<string>;
  /** Differs whenever the object does, or whether it can be read; never fails. */
  fingerprint(): Promise<string>;
  explain(error: unknown): { readonly expected: string; readonly got: string };
  close(): void;
}

/**
 * Loads the AWS SDK's client for one object. Endpoint, region and credentials come from where the SDK takes
 * them; buckets are part of the path where `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` names the endpoint.
 */
export async function openS3Object(at: { bucket: string; key: string }): Promise<S3Object> {
  // Only here, because the client takes longer to load than the router does to start.
  const { GetObjectCommand, HeadObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const client = new S3Client({
    forcePathStyle: Boolean(AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL),
    followRegionRedirects: true,
    requestHandler: TIMEOUTS,
  });
  const object = { Bucket: at.bucket, Key: at.key };
  return {
    async text() {
      const { Body } = await client.send(new GetObjectCommand(object));
      return (await Body?.transformToString('utf8')) ?? '';
    },
    async fingerprint() {
      try {
        const { ETag = '' } = await client.send(new HeadObjectCommand(object));
        return ETag;
      } catch (error) {
        return explain(error).got;
      }
    },
    explain,
    close: () => client.destroy(),
  };
}

function explain(error: unknown): { readonly expected: string; readonly got: string } {
  const { name, message, code, $metadata } = error as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const expected = 'a readable object';
  switch (name) {
    case 'NoSuchBucket':
      return { expected, got: 'no such bucket (NoSuchBucket)' };
    case 'NoSuchKey':
    case 'NotFound':
      return { expected, got: 'nothing there (NoSuchKey)' };
    case 'CredentialsProviderError':
      return { expected: 'AWS credentials', got: 'none (CredentialsProviderError)' };
    default:
  }
  if ($metadata?.httpStatusCode === 403) {
    // Without an error that the client knows in the answer's body, the name is `Unknown`.
    return { expected, got: `no permission to read it (HTTP 403, ${name})` };
  }
  if (message === 'Region is missing') {
    return { expected: 'an AWS region, such as AWS_REGION names', got: 'none' };
  }
  return { expected, got: code ?? `${name}: ${message}` };
}
