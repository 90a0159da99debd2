import type { AnswerRecord } from './record.ts';

/** How far the answer to one id has come: nothing yet, begun by a frame, or complete. */
export type SequenceState = 'waiting' | 'headed' | 'ended';

/** Why a record is dropped although it is well formed (contract §3.3). */
export type SequenceViolation = 'second_answer' | 'after_end' | 'second_head' | 'mixed_kinds';

/** The state after a record; with a `violation` the state is unchanged and the record is to be counted and dropped. */
export interface SequenceStep {
  readonly state: SequenceState;
  readonly violation?: SequenceViolation;
}

const HEADED: SequenceStep = { state: 'headed' };
const ENDED: SequenceStep = { state: 'ended' };
const SECOND_HEAD: SequenceStep = { state: 'headed', violation: 'second_head' };
const MIXED_KINDS: SequenceStep = { state: 'headed', violation: 'mixed_kinds' };
const SECOND_ANSWER: SequenceStep = { state: 'ended', violation: 'second_answer' };
const AFTER_END: SequenceStep = { state: 'ended', violation: 'after_end' };

/**
 * Applies the legal order of records of one id. Pure, and allocates nothing: every step is a shared constant.
 * A `chunk` or `end` without a `head` begins the answer (the reader synthesizes 200 with no headers), so a later `head` is a second one.
 */
export function advanceSequence(state: SequenceState, type: AnswerRecord['type']): SequenceStep {
  if (state === 'ended') {
    return type === 'response' ? SECOND_ANSWER : AFTER_END;
  }
  switch (type) {
    case 'response':
      return state === 'headed' ? MIXED_KINDS : ENDED;
    case 'head':
      return state === 'headed' ? SECOND_HEAD : HEADED;
    case 'chunk':
      return HEADED;
    case 'end':
    case 'error':
      return ENDED;
    default:
      return type satisfies never;
  }
}
