/** How many `cause`s of an error are written down. */
const MAX_CAUSES = 4;

/** Which item of which invocation an error belongs to. */
export interface ErrorOrigin {
  readonly requestId: string | undefined;
  readonly awsRequestId: string | undefined;
}

/** Writes one structured line to the log: the error that `message` names, with its request ids. Never throws. */
export function reportError(message: string, error: unknown, origin: ErrorOrigin): void {
  const { requestId, awsRequestId } = origin;
  const line = { level: 'ERROR', message, requestId, awsRequestId, error: describe(error) };
  // oxlint-disable-next-line no-console -- Lambda's log is the console, and a line is all the adapter has to say
  console.error(JSON.stringify(line));
}

function describe(error: unknown): object {
  try {
    return describeError(error, MAX_CAUSES);
  } catch {
    // A thrown proxy, or an object with a hostile `toString` or getter, must not fail its neighbours.
    return { message: 'An error that cannot be described' };
  }
}

function describeError(error: unknown, causes: number): object {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const { code } = error as { code?: unknown };
  return {
    name: String(error.name),
    message: String(error.message),
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    stack: String(error.stack),
    cause:
      error.cause === undefined || causes === 0
        ? undefined
        : describeError(error.cause, causes - 1),
  };
}
