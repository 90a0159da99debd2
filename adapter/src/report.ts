import type { LambdaContext } from './lambda-types.ts';
import type { ErrorOrigin, Settings } from './options.ts';

/** How many `cause`s of an error are written down. */
const MAX_CAUSES = 4;

/** What all items of an invocation have in common. */
export interface Invocation {
  readonly settings: Settings;
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
  { settings: { onError }, context }: Invocation,
): Promise<void> {
  const log = (message: string, logged: unknown) => {
    const line = (described: object) =>
      JSON.stringify({
        level: 'ERROR',
        message,
        requestId: origin.requestId,
        awsRequestId: (context as Partial<LambdaContext> | undefined)?.awsRequestId,
        error: described,
      });
    let text: string;
    try {
      text = line(describe(logged, MAX_CAUSES));
    } catch {
      // A thrown proxy, or an object with a hostile `toString` or getter, must not fail its neighbours.
      text = line({ message: typeof logged });
    }
    // oxlint-disable-next-line no-console -- Lambda's log is the console, and a line is all the adapter has to say
    console.error(text);
  };
  try {
    await (onError ? onError(error, origin) : log('Item failed', error));
  } catch (failure) {
    log('Item failed', error);
    log('`onError` failed', failure);
  }
}

function describe(error: unknown, causes: number): object {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  return {
    name: error.name,
    message: error.message,
    code: (error as { code?: unknown }).code,
    stack: error.stack,
    cause: error.cause && causes ? describe(error.cause, causes - 1) : undefined,
  };
}
