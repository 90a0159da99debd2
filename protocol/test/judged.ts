import type { AnswerRecord, BadRecordKind, RecordResult } from '../src/index.ts';

/** How fixtures write a {@link RecordResult}. */
export type Judged =
  | { readonly record: AnswerRecord }
  | { readonly bad: { readonly kind: BadRecordKind; readonly id: string | null } };

/** A result as fixtures write it; problems are for people and no part of the vectors. */
export function judged(result: RecordResult): Judged {
  return result.ok
    ? { record: result.record }
    : { bad: { kind: result.kind, id: result.id ?? null } };
}
