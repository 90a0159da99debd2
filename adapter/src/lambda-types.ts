/**
 * The parts of `@types/aws-lambda` that the adapter's types need, written out so that the package works
 * without it. A test holds them equal to the originals.
 */

/** An API Gateway HTTP API request (payload 2.0): the same type as `APIGatewayProxyEventV2`. */
export interface ItemEvent {
  version: string;
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[];
  headers: TextRecord;
  queryStringParameters?: TextRecord;
  requestContext: ItemRequestContext;
  body?: string;
  pathParameters?: TextRecord;
  isBase64Encoded: boolean;
  stageVariables?: TextRecord;
}

/** Strings by name: headers, parameters, variables. */
export interface TextRecord {
  [name: string]: string | undefined;
}

/** The `requestContext` of an {@link ItemEvent}. The router sends no account, API or certificate fields. */
export interface ItemRequestContext {
  accountId: string;
  apiId: string;
  authentication?: { clientCert: ClientCertificate };
  domainName: string;
  domainPrefix: string;
  http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
  /** Correlation id of the request: the `id` of its answer. */
  requestId: string;
  routeKey: string;
  stage: string;
  time: string;
  timeEpoch: number;
}

/** A client certificate as API Gateway describes it. */
export interface ClientCertificate {
  clientCertPem: string;
  serialNumber: string;
  subjectDN: string;
  issuerDN: string;
  validity: { notAfter: string; notBefore: string };
}

/** Lambda's context object: interchangeable with `Context` of `@types/aws-lambda`. */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  /** Id of the invocation, which all items of a batch share. */
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  identity?: { cognitoIdentityId: string; cognitoIdentityPoolId: string } | undefined;
  clientContext?: LambdaClientContext | undefined;
  tenantId?: string | undefined;
  /** Milliseconds left; never negative for an item. */
  getRemainingTimeInMillis(): number;
  /** @deprecated Return the answer instead. */
  done(error?: Error, result?: unknown): void;
  /** @deprecated Throw instead. */
  fail(error: Error | string): void;
  /** @deprecated Return the answer instead. */
  succeed(message: unknown, object?: unknown): void;
}

/** The client context of an invocation made through a mobile SDK. */
export interface LambdaClientContext {
  client: {
    installationId: string;
    appTitle: string;
    appVersionName: string;
    appVersionCode: string;
    appPackageName: string;
  };
  custom?: unknown;
  env: {
    platformVersion: string;
    platform: string;
    make: string;
    model: string;
    locale: string;
  };
}
