import type { BatchEvent } from './batch.ts';
import type { Parsed } from './problem.ts';

export function parseBatch(value: unknown): Parsed<BatchEvent> {
  return { ok: true, value: value as BatchEvent };
}
