import { parentPort, workerData } from 'node:worker_threads';
import { captureOutput } from '../runtime/capture-output.ts';
import { createContext } from '../runtime/context.ts';
import { toErrorPayload, unhandled } from '../runtime/errors.ts';
import { asImportError, findHandler } from '../runtime/find-handler.ts';
import type { LoadedHandler } from '../runtime/find-handler.ts';
import { runBundle } from '../runtime/run-bundle.ts';
import { installAwsLambda } from '../runtime/streamify.ts';
import { startHandler } from './run-handler.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

/** The environment ends an invocation in time; a worker that loops could not. */
const NO_TIME_LIMIT_MS = 2_147_483_647;
/** Exit codes of Lambda's Node.js runtime. */
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const port = parentPort;
if (port === null) throw new Error('Expected to run in a worker thread');
const { bundle, spec, owner } = workerData as WorkerStart;
const tell = (message: FromWorker): void => port.postMessage(message);

captureOutput((level, text) => {
  tell({ type: 'log', level, text });
  return true;
});
process.on('uncaughtException', (error: unknown) => {
  tell({ type: 'crashed', error: toErrorPayload(error) });
  process.exit(EXIT_UNCAUGHT_EXCEPTION);
});
process.on('unhandledRejection', (reason: unknown) => {
  tell({ type: 'crashed', error: unhandled(reason) });
  process.exit(EXIT_UNHANDLED_REJECTION);
});

let wanted = Promise.withResolvers<void>();
let reader = new AbortController();

async function load(): Promise<LoadedHandler> {
  installAwsLambda();
  try {
    return findHandler(await runBundle(bundle), spec, []);
  } catch (error) {
    throw asImportError(error);
  }
}

async function invoke(
  handler: LoadedHandler,
  message: Extract<ToWorker, { type: 'invoke' }>,
): Promise<void> {
  wanted = Promise.withResolvers();
  reader = new AbortController();
  const running = startHandler(handler, {
    payload: message.payload,
    context: createContext(owner, message),
    timeoutMs: NO_TIME_LIMIT_MS,
    mode: message.mode,
    signal: reader.signal,
  });
  const failure = running.finished.then(
    () => undefined,
    (error: unknown) => toErrorPayload(error),
  );
  try {
    const answer = await running.answer;
    if (answer.type === 'buffered') tell({ type: 'answer', bytes: answer.bytes });
    else {
      tell({ type: 'stream', contentType: answer.contentType });
      await send(answer.chunks);
    }
  } catch (error) {
    tell({ type: 'refused', error: toErrorPayload(error) });
  }
  const error = await failure;
  tell(error === undefined ? { type: 'finished' } : { type: 'finished', error });
}

async function send(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await wanted.promise;
    for await (const bytes of chunks) {
      wanted = Promise.withResolvers();
      tell({ type: 'chunk', bytes });
      await wanted.promise;
    }
    tell({ type: 'end' });
  } catch (error) {
    tell({ type: 'end', error: toErrorPayload(error) });
  }
}

try {
  const handler = await load();
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'invoke':
        void invoke(handler, message);
        break;
      case 'next':
        wanted.resolve();
        break;
      case 'abandon':
        reader.abort();
        wanted.resolve();
        break;
      default:
        message satisfies never;
    }
  });
  tell({ type: 'ready', streaming: handler.type === 'streaming' });
} catch (error) {
  tell({ type: 'failed', error: toErrorPayload(error) });
}
