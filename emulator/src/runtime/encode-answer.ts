import { MAX_ANSWER_BYTES } from '../limits.ts';
import { FunctionFailure, RuntimeError, RuntimeErrorType, tooLarge } from './errors.ts';

const encoder = new TextEncoder();

/** The answer of a buffered handler as bytes. Throws as the runtime does when it has no JSON or is too large. */
export function encodeAnswer(value: unknown): Uint8Array {
  return limitAnswer(encoder.encode(stringify(value === undefined ? null : value)));
}

/** Passes a buffered answer on, or throws the error that Lambda gives when it is too large. */
export function limitAnswer(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength <= MAX_ANSWER_BYTES) return bytes;
  throw new FunctionFailure(tooLarge(MAX_ANSWER_BYTES));
}

function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new RuntimeError(RuntimeErrorType.jsonStringify, 'Unable to stringify response body', {
      cause,
    });
  }
  // A function or a symbol has no JSON; the runtime then posts an empty answer.
  return text ?? '';
}
