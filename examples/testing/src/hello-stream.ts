import { setImmediate } from 'node:timers/promises';
import { withBatchAdapterStream } from 'lpr-lambda-adapter';

/** Greets word by word. */
export const handler = withBatchAdapterStream(async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: words('hello ', event.pathParameters?.['name'] ?? 'nobody'),
}));

async function* words(...all: readonly string[]): AsyncGenerator<string> {
  for (const word of all) {
    yield word;
    await setImmediate();
  }
}
