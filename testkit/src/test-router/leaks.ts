import type { AssertionError } from 'node:assert';
import { itemId } from 'lpr-protocol';
import { assertionError } from '../assertion-error.ts';
import type { ObservedBatch } from '../observed-batch.ts';
import type { MadeRequest } from './requests.ts';
import type { TestInvocation } from './test-invoker.ts';

export interface Remains {
  readonly unsettled: readonly MadeRequest[];
  readonly batches: readonly ObservedBatch[];
  readonly invocations: readonly TestInvocation[];
}

/** What was left when a test ended, a line each. */
export function leaksOf({ unsettled, batches, invocations }: Remains): string[] {
  const released = new Set(batches.flatMap(({ items }) => items.map((item) => itemId(item))));
  const inBatch = unsettled.filter(({ id }) => !released.has(id));
  const invoked = unsettled.filter(({ id }) => released.has(id));
  const running = invocations.filter(({ state }) => state === 'running');
  const leaks: string[] = [];
  if (inBatch.length > 0) {
    leaks.push(
      `an open batch with ${names(inBatch)}: let its window pass with \`advance\`, \`release\` or \`idle\``,
    );
  }
  if (invoked.length > 0) leaks.push(`requests without an answer: ${names(invoked)}`);
  for (const { functionName, mode } of running) {
    const what = mode === 'stream' ? 'a stream that has not ended' : 'an invocation that runs';
    leaks.push(`${what}: \`${functionName}\``);
  }
  return leaks;
}

function names(requests: readonly MadeRequest[]): string {
  return requests.map(({ name }) => `\`${name}\``).join(', ');
}

/** Names what was left below what was expected. */
export function leakError(expected: string, leaks: readonly string[]): AssertionError {
  const lines = leaks.map((leak) => `  ${leak}`);
  const message = [expected, ...lines].join('\n');
  return assertionError({ message, operator: 'createTestRouter' });
}

/** Throws the error there is; several as one, with all of their messages. */
export function throwAll(errors: readonly Error[]): void {
  const [first, ...more] = errors;
  const messages = errors.map(({ message }) => message).join('\n');
  if (more.length > 0) throw new AggregateError(errors, messages);
  if (first) throw first;
}
