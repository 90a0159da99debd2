import type { ChunkRecord, EndRecord, ErrorRecord, HeadRecord } from 'lpr-protocol';
import type { BatchAnswerItem } from './batch-answer.ts';
import type { ItemRun } from './item-run.ts';

/** A record that is written to a stream: a plain answer, which has no `type`, or a frame. */
export type Frame =
  | (BatchAnswerItem & { readonly type?: undefined })
  | (Omit<HeadRecord, 'cookies'> & { readonly cookies?: readonly string[] | undefined })
  | ChunkRecord
  | EndRecord
  | ErrorRecord;

/**
 * Writes a record of an item, unless it was stopped; resolves when the stream takes more. Never rejects.
 * The order of an item's records is the caller's business.
 */
export type Emit = (run: ItemRun, frame: Frame) => void | Promise<void>;

/** Wraps what writes a record so that it does what {@link Emit} says. */
export function emitter(write: (frame: Frame) => void | Promise<void>): Emit {
  return (run, frame) => {
    if (!run.reason) {
      run.advance(frame.type === 'head' || frame.type === 'chunk' ? 'headed' : 'ended');
      return write(frame);
    }
  };
}
