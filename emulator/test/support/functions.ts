import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import { parseHandlerSpec } from '../../src/runtime/handler-spec.ts';

/** A definition with Lambda-like values; give what the test is about. */
export function defineFunction(
  baseDirectory: string,
  handler: string,
  rest: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return {
    name: 'hello',
    baseDirectory,
    handler: parseHandlerSpec(handler),
    isolation: 'in-process',
    timeoutSeconds: 10,
    memoryMb: 128,
    environment: {},
    ...rest,
  };
}

/** An event as the bytes of a payload. */
export function payloadOf(event: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(event));
}

/** Reads a stream of bytes as text, chunk by chunk. */
export async function readChunks(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const texts: string[] = [];
  for await (const chunk of chunks) texts.push(new TextDecoder().decode(chunk));
  return texts;
}
