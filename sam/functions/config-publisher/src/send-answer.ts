import { setTimeout } from 'node:timers/promises';
import { log } from './log.ts';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/**
 * Puts an answer where CloudFormation looks for it; tries again when that may help, until `signal` ends it.
 *
 * @throws Error without the URL, which whoever has it may answer at
 */
export async function sendAnswer(url: string, answer: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await put(url, answer, signal);
    if (failure === undefined) return;
    const message = `Expected CloudFormation to take the answer, got ${failure.got}`;
    if (!failure.again || attempt === ATTEMPTS || signal.aborted) throw new Error(message);
    log('warn', message, { attempt });
    await setTimeout(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
  }
}

async function put(url: string, answer: string, signal: AbortSignal) {
  try {
    // Bytes, because a text would bring a content type, which the URL's signature does not allow.
    const body = Buffer.from(answer);
    const { ok, status } = await fetch(url, { method: 'PUT', body, signal });
    return ok ? undefined : { got: `HTTP ${status}`, again: status >= 500 || status === 429 };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    return { got: code ?? (error as Error).name, again: true };
  }
}
