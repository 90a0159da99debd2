import { describeValue, isBatchEvent } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { namesOf } from '../observed-batch.ts';
import type { ObservedBatch } from '../observed-batch.ts';
import { count, table } from './wording.ts';

/** What a batch is, as far as matchers look at it: observed, or only its event. */
export type BatchLine = Pick<ObservedBatch, 'items'> & Partial<ObservedBatch>;

/** A test router, what `recordBatches` gives, a list of batches or of batch events, or one of them. */
export type BatchSubject =
  | { readonly batches: readonly ObservedBatch[] }
  | readonly (ObservedBatch | BatchEvent)[]
  | ObservedBatch
  | BatchEvent;

/** The batches of a subject, in release order. */
export function batchesOf(subject: unknown): readonly BatchLine[] {
  if (Array.isArray(subject)) return subject.map((one) => toLine(one));
  if (typeof subject === 'object' && subject !== null) {
    if ('batches' in subject) return batchesOf(subject.batches);
    if ('items' in subject || isBatchEvent(subject)) return [toLine(subject)];
    if ('router' in subject) {
      throw new TypeError(
        'Expected what an emulator has released, got the emulator: call `recordBatches(emulator)` before its requests and expect something of that',
      );
    }
  }
  throw unreadable(subject);
}

function toLine(value: unknown): BatchLine {
  if (isBatchEvent(value)) return { items: value.batch as readonly HttpEvent[] };
  if (typeof value === 'object' && value !== null && 'items' in value) return value as BatchLine;
  throw unreadable(value);
}

function unreadable(value: unknown): TypeError {
  return new TypeError(
    `Expected a test router, what \`recordBatches\` gives, batches or batch events, got ${describeValue(value)}`,
  );
}

/** One line per batch: how many items, why and when it left, and what was in it. */
export function batchLines(batches: readonly BatchLine[]): string[] {
  return table(
    batches.map(({ items, route, reason, waitMs }) => [
      count(items.length, 'item'),
      ...(route === undefined ? [] : [route]),
      ...(reason === undefined ? [] : [reason]),
      ...(waitMs === undefined ? [] : [`after ${waitMs} ms`]),
      items.map((item) => namesOf(item)[0]).join(', '),
    ]),
  );
}
