import { parseResponseRecord } from './parse-record.ts';
import { describeValue } from './problem.ts';
import type { Problem } from './problem.ts';
import type { RecordResult } from './record.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** Why a whole buffered document was refused. */
export type BadDocumentKind = 'not_batch_answer' | 'version' | 'shape';

/** The elements of a buffered document in their order, good and bad, or why there are none. */
export type BufferedAnswerResult =
  | { readonly ok: true; readonly results: RecordResult[] }
  | { readonly ok: false; readonly kind: BadDocumentKind; readonly problem: Problem };

/**
 * Judges a buffered answer that has been through `JSON.parse` (contract §2.1). Never throws.
 *
 * Elements are judged one by one; a bad one fails alone. The document fails as a whole with
 * - `not_batch_answer` when it is no object or has neither `v` nor `responses`: the function answered as if it stood
 *   behind API Gateway;
 * - `version` when `v` is not 1, also when it is missing;
 * - `shape` when `responses` is no array.
 */
export function parseBufferedAnswer(value: unknown): BufferedAnswerResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return notBatchAnswer(describeValue(value));
  }
  const { v, responses } = value as { v?: unknown; responses?: unknown };
  if (v === undefined && responses === undefined) {
    return notBatchAnswer('an object with neither `v` nor `responses`');
  }
  if (v !== PROTOCOL_VERSION) {
    const problem = { path: 'v', expected: '1', got: describeValue(v) };
    return { ok: false, kind: 'version', problem };
  }
  if (!Array.isArray(responses)) {
    const problem = { path: 'responses', expected: 'an array', got: describeValue(responses) };
    return { ok: false, kind: 'shape', problem };
  }
  const results: RecordResult[] = [];
  for (let index = 0; index < responses.length; index += 1) {
    const result = parseResponseRecord(responses[index]);
    results.push(result.ok ? result : withElementPath(result, index));
  }
  return { ok: true, results };
}

function notBatchAnswer(got: string): BufferedAnswerResult {
  const problem = { path: '', expected: 'a batch answer `{"v":1,"responses":[…]}`', got };
  return { ok: false, kind: 'not_batch_answer', problem };
}

function withElementPath(result: RecordResult & { ok: false }, index: number): RecordResult {
  const { path, expected, got } = result.problem;
  const element = `responses[${index}]`;
  const problem = { path: path === '' ? element : `${element}.${path}`, expected, got };
  return { ok: false, id: result.id, kind: result.kind, problem };
}
