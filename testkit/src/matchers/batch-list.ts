import { isBatchEvent } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import type { Emulator, RecordedBatch } from 'lpr-emulator';
import { namesOf } from '../observed-batch.ts';
import type { ObservedBatch } from '../observed-batch.ts';
import { count, describeSubject, table } from './wording.ts';

/** What a batch is, as far as matchers look at it: observed, or only its event. */
export type BatchLine = Pick<ObservedBatch, 'items'> & Partial<ObservedBatch>;

/**
 * A test router, what `recordBatches` gives, a running emulator (its answered batches, in the order of their answers),
 * a list of batches or of batch events, or one of them.
 */
export type BatchSubject =
  | { readonly batches: readonly ObservedBatch[] }
  | { readonly batches: () => readonly RecordedBatch[] }
  | readonly (ObservedBatch | RecordedBatch | BatchEvent)[]
  | ObservedBatch
  | RecordedBatch
  | BatchEvent;

/** The batches of a subject, in their order. */
export function batchesOf(subject: unknown): readonly BatchLine[] {
  if (Array.isArray(subject)) return subject.map((one) => toLine(one));
  if (typeof subject === 'object' && subject !== null) {
    if ('batches' in subject) {
      const { batches } = subject;
      return batchesOf(typeof batches === 'function' ? (subject as Emulating).batches() : batches);
    }
    if ('stats' in subject) {
      throw new TypeError(
        'Expected what a router has released, got the router: call `recordBatches(router)` before its requests and expect something of that',
      );
    }
  }
  return [toLine(subject)];
}

type Emulating = Pick<Emulator, 'batches'>;

function toLine(value: unknown): BatchLine {
  if (isBatchEvent(value)) return { items: value.batch as readonly HttpEvent[] };
  if (typeof value !== 'object' || value === null) throw unreadable(value);
  if ('items' in value) return value as BatchLine;
  if (!('event' in value)) throw unreadable(value);
  const { event, ...rest } = value as RecordedBatch;
  const items = isBatchEvent(event) ? event.batch : [event];
  return { ...rest, items: items as readonly HttpEvent[] };
}

function unreadable(value: unknown): TypeError {
  return new TypeError(
    `Expected a test router, an emulator, what \`recordBatches\` gives, batches or batch events, got ${describeSubject(value)}`,
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
