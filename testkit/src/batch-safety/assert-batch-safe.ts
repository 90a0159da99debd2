import type { AssertionError } from 'node:assert';
import type { HttpEvent } from 'lpr-protocol';
import { describeValue, itemId } from 'lpr-protocol';
import { assertionError } from '../assertion-error.ts';
import { batchEvent } from '../factories/batch-event.ts';
import type { ItemSource } from '../factories/batch-event.ts';
import { show, table } from '../matchers/wording.ts';
import { namesOf } from '../observed-batch.ts';
import type { TestHandler } from '../run-handler.ts';
import { findings, place } from './compare.ts';
import type { Finding } from './compare.ts';
import { ordersOf, pairsOf } from './orders.ts';
import { runEvents } from './run-events.ts';
import type { Observation, RunOptions, RunResult } from './run-events.ts';

/** A batch handler; or what makes a new one, for state that a run leaves behind and the next one would meet. */
export type SafetySubject =
  | TestHandler
  | { readonly create: () => TestHandler | Promise<TestHandler> };

export interface BatchSafetyOptions {
  /** Gives the state of the module that has to come out the same, e.g. the size of a cache; as JSON. */
  readonly state?: () => unknown;
  /** How many orders of all events are tried, besides every pair. Default 8. */
  readonly runs?: number;
}

/**
 * Asserts that a batch handler (wrapped already) answers each event in a batch as it does alone. It runs the events
 * alone, twice, and passes over what differs by itself (times, random ids); then in batches of two and of all, in
 * several orders; and compares answers, log lines that name a request's id, and `state`. A difference is shrunk to the
 * pair of events that shows it. What the handler logs is captured, so it is not printed.
 *
 * @throws AssertionError that names the events, the place and both values
 */
export async function assertBatchSafe(
  subject: SafetySubject,
  events: readonly ItemSource[],
  options: BatchSafetyOptions = {},
): Promise<void> {
  const { batch: items } = batchEvent(events);
  if (items.length < 2) throw new RangeError(`Expected at least two events, got ${items.length}`);
  const handler = makerOf(subject);
  const run: RunOptions = { handler, state: options.state };
  const alone = await runAlone(items, run);
  const unstable = new Set(findings(alone, await runAlone(items, run)).map((one) => place(one)));
  const differing = async (batch: readonly HttpEvent[]): Promise<Finding[]> => {
    const wanted = batch.length === items.length ? alone : await aloneOf(batch, alone, run);
    return findings(wanted, await runEvents([batch], run), unstable);
  };

  for (const pair of pairsOf(items)) {
    const found = await differing(pair);
    if (found.length > 0) throw unsafe(pair, found);
  }
  for (const order of ordersOf(items, options.runs ?? 8)) {
    const found = await differing(order);
    if (found.length > 0) {
      const needed = await shrink(order, differing);
      throw unsafe(needed, needed === order ? found : await differing(needed));
    }
  }
}

function makerOf(subject: SafetySubject): RunOptions['handler'] {
  if (typeof subject === 'function') return () => subject;
  const { create } = Object(subject) as Partial<Exclude<SafetySubject, TestHandler>>;
  if (typeof create === 'function') return create;
  throw new TypeError(
    `Expected a batch handler, or \`{ create }\` that makes one, got ${describeValue(subject)}`,
  );
}

/** Each event in an environment of its own, if there may be more than one; the state as after all of them. */
async function runAlone(items: readonly HttpEvent[], run: RunOptions): Promise<RunResult> {
  const observations = new Map<string, Observation>();
  for (const item of items) {
    const one = await runEvents([[item]], run);
    for (const [id, observation] of one.observations) observations.set(id, observation);
  }
  const { state } = run.state
    ? await runEvents(
        items.map((item) => [item]),
        run,
      )
    : { state: undefined };
  return { observations, state };
}

/** The state of the module depends on which events there were. */
async function aloneOf(batch: readonly HttpEvent[], alone: RunResult, run: RunOptions) {
  if (!run.state) return alone;
  const { state } = await runEvents(
    batch.map((item) => [item]),
    run,
  );
  return { ...alone, state };
}

/** Leaves out what is not needed for a difference. */
async function shrink(
  batch: readonly HttpEvent[],
  differing: (batch: readonly HttpEvent[]) => Promise<readonly Finding[]>,
): Promise<readonly HttpEvent[]> {
  for (const item of batch) {
    const rest = batch.filter((other) => other !== item);
    if (rest.length >= 2 && (await differing(rest)).length > 0) return shrink(rest, differing);
  }
  return batch;
}

function unsafe(batch: readonly HttpEvent[], found: readonly Finding[]): AssertionError {
  const names = new Map(batch.map((item) => [itemId(item), `\`${namesOf(item)[1]}\``]));
  const rows = found.map(({ id, path, alone, batched }) => [
    id === undefined ? '' : (names.get(id) ?? id),
    path,
    `alone ${show(alone)},`,
    `batched ${show(batched)}`,
  ]);
  const message = [
    `Expected the same alone and in a batch, got a difference in a batch of ${[...names.values()].join(', ')}`,
    ...table(rows).map((line) => `  ${line}`),
  ];
  const [first] = found;
  return assertionError({
    message: message.join('\n'),
    actual: first?.batched,
    expected: first?.alone,
    operator: 'assertBatchSafe',
  });
}
