import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { SigningCredentials } from './sigv4.ts';

export type CredentialsSource = NonNullable<LambdaClientConfig['credentials']>;

export interface TargetOptions {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: CredentialsSource | undefined;
}

/** Where the Lambda API of a region is, and who calls it. */
export interface Target {
  /** `https://lambda.eu-west-1.amazonaws.com`, without a path. */
  readonly origin: string;
  /** The `Host` header. */
  readonly host: string;
  /** The path of the endpoint, without the operation: `''` at AWS. */
  readonly basePath: string;
  /** Cached; fetched again before they expire. */
  readonly credentials: () => Promise<SigningCredentials>;
  close(): void;
}

interface BuiltRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/**
 * Has the SDK itself resolve endpoint and credentials: environment, shared configuration files, FIPS,
 * dual stack, profiles, containers, instance metadata. It builds one request, which is never sent;
 * what it would have sent to is the endpoint.
 */
export async function resolveTarget(options: TargetOptions): Promise<Target> {
  const { region, endpoint, credentials } = options;
  const client = new LambdaClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  try {
    const { protocol, hostname, port, path } = await buildRequest(client);
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    return {
      origin: `${protocol}//${host}`,
      host,
      basePath: path.slice(0, path.indexOf('/2015-03-31/')),
      credentials: () => client.config.credentials(),
      close: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}

async function buildRequest(client: LambdaClient): Promise<BuiltRequest> {
  let built: unknown;
  const command = new InvokeCommand({ FunctionName: 'none' });
  command.middlewareStack.add(
    () => (args) => {
      built = args.request;
      return Promise.resolve({ output: { $metadata: {} }, response: {} });
    },
    { step: 'build', priority: 'high' },
  );
  await client.send(command);
  return built as BuiltRequest;
}
