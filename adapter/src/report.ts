import { asContext } from './item-context.ts';
import type { Settings } from './options.ts';

/** How many `cause`s of an error are written down. */
const MAX_CAUSES = 4;

/** What all items of an invocation have in common. */
export interface Invocation {
  readonly settings: Settings;
  /** Lambda's context as it came; anything, or nothing. */
  readonly context: unknown;
}

/**
 * Tells `onError`, failing that the log, of an error, with the id of its item (or the event of its batch).
 * Never rejects: what `onError` fails with is logged too.
 */
export async function report(
  error: unknown,
  requestId: string | undefined,
  event: unknown,
  { settings: { onError }, context }: Invocation,
): Promise<void> {
  const log = (message: string, logged: unknown) => {
    const { awsRequestId } = asContext(context);
    const line = { level: 'ERROR', message, requestId, awsRequestId };
    // oxlint-disable-next-line no-console -- Lambda's log is the console, and a line is all the adapter has to say
    console.error(lineOf(line, logged));
  };
  try {
    await (onError ? onError(error, { requestId, event }) : log('Item failed', error));
  } catch (failure) {
    log('Item failed', error);
    log('`onError` failed', failure);
  }
}

function lineOf(line: object, error: unknown): string {
  try {
    return JSON.stringify({ ...line, error: describe(error, MAX_CAUSES) });
  } catch {
    // A thrown proxy, or an object with a hostile `toString` or getter, must not fail its neighbours.
    return JSON.stringify({ ...line, error: { message: 'An error that cannot be described' } });
  }
}

function describe(error: unknown, causes: number): object {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const { name, message, stack, cause, code } = error as Error & { code?: unknown };
  const reason = cause === undefined || causes === 0 ? undefined : describe(cause, causes - 1);
  return { name, message, code, stack, cause: reason };
}
