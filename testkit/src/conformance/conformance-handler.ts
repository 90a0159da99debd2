/** What the `body` of an item tells the handler to do; see `protocol/fixtures/README.md`. */
interface Instruction {
  readonly after?: string;
  readonly return?: unknown;
  readonly throw?: string;
  readonly echo?: readonly string[];
  readonly chunks?: readonly string[];
  readonly statusCode?: number;
  readonly headers?: Record<string, string>;
}

/** As much of an item as the handler reads. */
export interface ConformanceEvent {
  readonly id?: string;
  readonly requestContext?: { readonly requestId?: string };
  readonly body?: string;
}

/** What the handler returns: whatever the item says. */
export type ConformanceAnswer =
  | { statusCode: number; headers?: Record<string, string>; body?: string | AsyncIterable<string> }
  | (object & { statusCode?: never })
  | string
  | number;

/**
 * A new conformance handler, the one that the golden vectors expect inside the adapter. Wrap it and give the wrapped
 * handler to {@link describeAdapter}. Items of one batch must share it, for some wait for others.
 */
export function conformanceHandler(): (event: ConformanceEvent) => Promise<ConformanceAnswer> {
  const answered = new Map<string, PromiseWithResolvers<void>>();
  const at = (id: string) => {
    const waiting = answered.get(id) ?? Promise.withResolvers<void>();
    answered.set(id, waiting);
    return waiting;
  };
  return async (event) => {
    const id = event.requestContext?.requestId ?? event.id ?? '';
    const instruction = JSON.parse(event.body ?? NO_INSTRUCTION) as Instruction;
    try {
      if (instruction.after !== undefined) {
        await at(instruction.after).promise;
        // The other has returned; a macrotask later its answer has been written.
        await new Promise((resolve) => setImmediate(resolve));
        answered.delete(instruction.after);
      }
      return follow(instruction, event);
    } finally {
      at(id).resolve();
    }
  };
}

const NO_INSTRUCTION = '{"return":{"statusCode":200,"body":"no instruction"}}';

function follow(instruction: Instruction, event: ConformanceEvent): ConformanceAnswer {
  if (instruction.throw !== undefined) {
    throw new Error(instruction.throw);
  }
  if (instruction.echo !== undefined) {
    const item = event as Record<string, unknown>;
    const fields = instruction.echo.map((name) => [name, item[name]]);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(fields)),
    };
  }
  if (instruction.chunks !== undefined) {
    const { statusCode = 200, headers = {}, chunks } = instruction;
    return { statusCode, headers, body: streamOf(chunks) };
  }
  return instruction.return as ConformanceAnswer;
}

async function* streamOf(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}
