import type { BatchItem } from './read-batch.ts';
import type { Headers, UpstreamAnswer } from './runtime-api-client.ts';

const INVOCATION_ID = 'Lambda-Runtime-Invocation-Id';

// What is said about the outer invocation and would be wrong about an item.
const OUTER_ONLY = new Set([
  'lambda-runtime-aws-request-id',
  'lambda-runtime-deadline-ms',
  'lambda-runtime-function-response-mode',
  'lambda-runtime-invocation-id',
]);

/** The deadline of an item that has none, in ms from now: Lambda's longest timeout. Runtimes need one. */
const LONGEST_MS = 900_000;

/** The headers of `next` that its items get as well, such as the function's ARN and the trace id. */
export function sharedHeaders({ rawHeaders }: UpstreamAnswer): string[] {
  const shared = ['Content-Type', 'application/json'];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const known = name.toLowerCase();
    if (known.startsWith('lambda-runtime-') && !OUTER_ONLY.has(known)) {
      shared.push(name, rawHeaders[index + 1] ?? '');
    }
  }
  return shared;
}

/** The headers of one item. */
export function itemHeaders({ id, deadline }: BatchItem): string[] {
  return [
    'Lambda-Runtime-Aws-Request-Id',
    id,
    'Lambda-Runtime-Deadline-Ms',
    String(deadline ?? Date.now() + LONGEST_MS),
  ];
}

/** What the API wants to see again with the answer. */
export function echoedHeaders(event: UpstreamAnswer): Headers {
  const invocationId = textHeader(event, INVOCATION_ID.toLowerCase());
  return invocationId === undefined ? {} : { [INVOCATION_ID]: invocationId };
}

/** The value of a header that is sent once; `name` in lower case. */
export function textHeader({ headers }: UpstreamAnswer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
