import type { ThrottledError } from '../functions/concurrency.ts';

/** A refusal of the Lambda API itself, before or instead of an invocation. */
export class LambdaApiError extends Error {
  override readonly name = 'LambdaApiError';
  readonly status: number;
  /** The exception's name, by which SDKs choose the class they throw. */
  readonly type: string;
  /** Whose fault it is, as Lambda says in its bodies. */
  readonly fault: 'User' | 'Service';
  /** Further members of the body. */
  readonly details: Readonly<Record<string, string>>;
  /** In seconds; sent as a header, too. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    type: string,
    message: string,
    { retryAfterSeconds, ...details }: { retryAfterSeconds?: number; Reason?: string } = {},
  ) {
    super(message);
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
    this.type = type;
    this.fault = status < 500 ? 'User' : 'Service';
  }
}

/** Errors by their names in the Lambda API's reference. */
export const apiErrors = {
  functionNotFound: (arn: string, known: readonly string[]) =>
    new LambdaApiError(
      404,
      'ResourceNotFoundException',
      `Function not found: ${arn} (this emulator has ${known.join(', ') || 'no functions'})`,
    ),
  badPayload: (reason: string) =>
    new LambdaApiError(
      400,
      'InvalidRequestContentException',
      `Could not parse request body into json: ${reason}`,
    ),
  badClientContext: () =>
    new LambdaApiError(
      400,
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    ),
  badParameter: (message: string) =>
    new LambdaApiError(400, 'InvalidParameterValueException', message),
  badFunctionName: (name: string) =>
    new LambdaApiError(
      400,
      'ValidationException',
      `Value '${name}' at 'functionName' failed to satisfy constraint: Member must be a function's name, partial ARN or ARN`,
    ),
  tooLarge: (limit: number, operation: string) =>
    new LambdaApiError(
      413,
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the ${operation} operation`,
    ),
  throttled: ({ reason, retryAfterSeconds }: ThrottledError) =>
    new LambdaApiError(429, 'TooManyRequestsException', 'Rate Exceeded.', {
      retryAfterSeconds,
      Reason: reason,
    }),
  unknownOperation: (method: string, path: string) =>
    new LambdaApiError(
      404,
      'UnknownOperationException',
      `The emulator's Lambda API has no operation ${method} ${path}; it has POST /2015-03-31/functions/{FunctionName}/invocations and POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations`,
    ),
  internal: () =>
    new LambdaApiError(500, 'ServiceException', 'The emulator failed; its log says why.'),
} as const;

/** The JSON body of a refusal. */
export function errorBody(error: LambdaApiError): string {
  const { fault, message, details } = error;
  // The API's model spells it differently for this one exception.
  const text = error.status === 429 ? { message } : { Message: message };
  return JSON.stringify({ ...details, Type: fault, ...text });
}
