import { AsyncLocalStorage } from 'node:async_hooks';
import type { BatchItem } from './item.ts';

const KEY = Symbol.for('lpr-lambda-adapter/item');

// On the global object: the entries of the CommonJS build are copies, and an item of one is read through another.
const scope = globalThis as { [KEY]?: AsyncLocalStorage<BatchItem> };

/** Where the running item is kept. */
export const itemScope: AsyncLocalStorage<BatchItem> = (scope[KEY] ??= new AsyncLocalStorage());

/** Runs a function in the async context in which this was made. */
export type Inside = <Result>(run: () => Result) => Result;

/** Keeps the async context of its caller. */
export function keepContext(): Inside {
  return AsyncLocalStorage.snapshot();
}

/**
 * The item that is being answered: its request id, deadline and `AbortSignal`, anywhere below the handler and
 * while its body is read. `undefined` outside of one, in native handlers, and for an event that is no batch.
 * @example logger.info('charged', { requestId: currentItem()?.requestId });
 */
export function currentItem(): BatchItem | undefined {
  return itemScope.getStore();
}
