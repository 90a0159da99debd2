import type { LambdaContext } from './lambda-types.ts';
import type { ErrorOrigin, Settings } from './options.ts';

/** What all items of an invocation have in common. */
export interface Invocation extends Settings {
  /** Lambda's context as it came; anything, or nothing. */
  readonly context: unknown;
}

/**
 * Tells `onError`, failing that the log, of an error, and where it comes from. In the log the error is text as
 * `inspect` writes it, with its stack, fields and causes. Does not reject: what `onError` fails with is logged too,
 * and `inspect` copes with whatever may be thrown but an error whose own custom inspection throws.
 */
export async function report(
  error: unknown,
  origin: ErrorOrigin,
  { onError, context }: Invocation,
): Promise<void> {
  const log = (logged: unknown, message = 'Item failed') => {
    // oxlint-disable-next-line no-console -- Lambda's log is the console, and a line is all the adapter has to say
    console.error(
      JSON.stringify({
        level: 'ERROR',
        message,
        requestId: origin.requestId,
        awsRequestId: (context as Partial<LambdaContext> | null | undefined)?.awsRequestId,
        // Imported with the adapter it would cost every cold start two milliseconds.
        error: process.getBuiltinModule('util').inspect(logged),
      }),
    );
  };
  if (!onError) {
    return log(error);
  }
  try {
    await onError(error, origin);
  } catch (failure) {
    log(error);
    log(failure, 'onError failed');
  }
}
