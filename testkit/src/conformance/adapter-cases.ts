import type { BatchLike } from 'lpr-protocol';
import fixture from '../../../protocol/fixtures/adapter-answers.json' with { type: 'json' };

/** What one item's answer has to be; what is absent is not compared. */
export interface ExpectedAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** In hexadecimal. */
  readonly body?: string;
  /** Of an adapter that writes frames, in hexadecimal. */
  readonly chunks?: readonly string[];
}

/** A golden vector of `protocol/fixtures/adapter-answers.json`; its README says how to compare. */
export interface AdapterCase {
  readonly name: string;
  readonly input: BatchLike;
  /** By id. */
  readonly expected: Readonly<Record<string, ExpectedAnswer>>;
  readonly neverSays?: string | readonly string[];
  readonly completion?: readonly string[];
}

/** All of them, in their order. */
export const ADAPTER_CASES = fixture.cases as unknown as readonly AdapterCase[];
