import type { BatchEvent } from 'lpr-protocol';
import type { Router } from 'lpr-router';
import { expect, onTestFinished, vi } from 'vitest';
import { channels } from '../../src/telemetry/channels.ts';
import type { RecordDropped, RequestSettled } from '../../src/telemetry/channels.ts';
import { subscribeRouter } from '../../src/telemetry/typed-channel.ts';
import { operation } from '../support/router.ts';
import { WAIT } from './raw-client.ts';

/** What a router tells of its requests, in order. */
export function settledRequests(router: Router): readonly RequestSettled[] {
  const settled: RequestSettled[] = [];
  const stop = subscribeRouter(channels.requestSettled, router.id, (one) => settled.push(one));
  onTestFinished(stop);
  return settled;
}

/** What a router tells of records that it dropped, in order. */
export function droppedRecords(router: Router): readonly RecordDropped[] {
  const dropped: RecordDropped[] = [];
  const stop = subscribeRouter(channels.recordDropped, router.id, (one) => dropped.push(one));
  onTestFinished(stop);
  return dropped;
}

/** Resolves when the router holds nothing any more. */
export async function idle(router: Router): Promise<void> {
  await vi.waitFor(() => expect(router.stats()).toEqual(EMPTY), WAIT);
}

/** The stats of a router that holds nothing. */
export const EMPTY = {
  inflightRequests: 0,
  openBatches: 0,
  waitingBatches: 0,
  queueDepth: 0,
  inflightInvocations: 0,
};

/** `GET /a` whose batches leave as soon as they have `size` requests, and practically not before. */
export function fullBatches(size: number, lpr: Record<string, unknown> = {}) {
  const rules = { maxWaitMs: 20_000, maxBatchSize: size, timeoutMs: 25_000, ...lpr };
  return { '/a': { get: operation(rules) } };
}

export const STREAM = { invokeMode: 'response_stream' };

/** Request ids by the query string of their request. */
export function idsByQuery(event: BatchEvent): Record<string, string> {
  return Object.fromEntries(
    event.batch.map((item) => [item.rawQueryString, item.requestContext.requestId]),
  );
}

/** One NDJSON record. */
export const line = (record: object) => `${JSON.stringify({ v: 1, ...record })}\n`;

/** The code in the router's own answer. */
export const codeOf = async (response: Response) =>
  ((await response.json()) as { code: string }).code;
