import { AsyncLocalStorage } from 'node:async_hooks';
import type { BatchItem } from './item.ts';

/**
 * Where the running item is kept. On the global object: the entries of the CommonJS build are copies, and an item
 * of one is read through another.
 */
export const itemScope = ((globalThis as { [key: symbol]: unknown })[Symbol.for('lpr/item')] ??=
  new AsyncLocalStorage()) as AsyncLocalStorage<BatchItem>;

/** Runs a function in the async context in which this was made. */
export type Inside = <Result>(run: () => Result) => Result;

/** Keeps the async context of its caller: what it returns runs a function inside that. */
export const keepContext = () => AsyncLocalStorage.snapshot();

/**
 * The item that is being answered: its request id, deadline and `AbortSignal`, anywhere below the handler and
 * while its body is read. `undefined` outside of one, in native handlers, and for an event that is no batch.
 * @example logger.info('charged', { requestId: currentItem()?.requestId });
 */
export function currentItem(): BatchItem | undefined {
  return itemScope.getStore();
}
