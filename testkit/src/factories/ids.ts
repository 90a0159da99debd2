import { describeValue, itemId } from 'lpr-protocol';
import type { HttpEvent } from 'lpr-protocol';

/** When everything that a factory makes happens, unless told otherwise: 2026-01-01T00:00:00Z in epoch ms. */
export const FACTORY_TIME_MS = Date.UTC(2026, 0, 1);

/** Until when its client waits, unless told otherwise: 2100-01-01T00:00:00Z. One in the past would abort every `signal`. */
export const FACTORY_DEADLINE_MS = Date.UTC(2100, 0, 1);

/** Decimal digits are legal in a UUID's last group, which has twelve. */
const LAST_NUMBER = 999_999_999_999;

/** An id as routers make them (`r-` and a UUID); the same number gives the same id. */
export function requestId(number = 1): string {
  if (!Number.isSafeInteger(number) || number < 0 || number > LAST_NUMBER) {
    throw new RangeError(
      `Expected \`number\` to be an integer 0–${LAST_NUMBER}, got \`${number}\``,
    );
  }
  return `r-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Names an answer: an id, or the item it belongs to. */
export type ItemRef = string | HttpEvent;

/** The id that an answer to `item` carries. */
export function idOf(item: ItemRef): string {
  const id = typeof item === 'string' ? item : itemId(item);
  if (id !== undefined) return id;
  throw new TypeError(
    `Expected an id, or an item with a \`requestContext.requestId\`, got ${describeValue(item)}`,
  );
}
