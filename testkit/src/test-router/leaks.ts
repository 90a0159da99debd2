import { itemId } from 'lpr-protocol';
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
