import type { LambdaContext } from './lambda-types.ts';
import { MAX_LOGGED_CAUSES } from './limits.ts';
import type { ErrorOrigin, Settings } from './options.ts';

/** What all items of an invocation have in common. */
export interface Invocation extends Settings {
  /** Lambda's context as it came; anything, or nothing. */
  readonly context: unknown;
}

/**
 * Tells `onError`, failing that the log, of an error, and where it comes from.
 * Never rejects: what `onError` fails with is logged too.
 */
export async function report(
  error: unknown,
  origin: ErrorOrigin,
  { onError, context }: Invocation,
): Promise<void> {
  const log = (logged: unknown, { requestId }: ErrorOrigin, message = 'Item failed') => {
    const { awsRequestId } = Object(context) as Partial<LambdaContext>;
    const write = (error: object) =>
      // oxlint-disable-next-line no-console -- Lambda's log is the console, and a line is all the adapter has to say
      console.error(JSON.stringify({ level: 'ERROR', message, requestId, awsRequestId, error }));
    try {
      write(describe(logged, MAX_LOGGED_CAUSES));
    } catch {
      // A thrown proxy, or an object with a hostile `toString` or getter, must not fail its neighbours.
      write({ message: typeof logged });
    }
  };
  try {
    const tell: Settings['onError'] = onError ?? log;
    await tell(error, origin);
  } catch (failure) {
    log(error, origin);
    log(failure, origin, '`onError` failed');
  }
}

function describe(error: unknown, causes: number): object {
  const { name, message = String(error), code, stack, cause } = Object(error) as Described;
  return {
    name,
    message,
    code,
    stack,
    cause: cause && causes ? describe(cause, causes - 1) : undefined,
  };
}

interface Described extends Partial<Error> {
  readonly code?: unknown;
}
