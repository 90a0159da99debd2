import { invokeBatchStream, RecordingStream } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';
import { handler } from '../src/hello-stream.ts';

const paths = ['/hello/ada', '/hello/grace'];
const options = { route: '/hello/{name}' };

test('answers take turns on one stream', async () => {
  const run = await invokeBatchStream(handler, paths, options);

  expect(run).toBeValidNdjson();
  expect(run).toBeInterleaved();
  expect(run).toHaveFrames(0, ['head', 'chunk', 'chunk', 'end']);
  expect(run).toHaveBodyFor(0, 'hello ada');
});

test('a slow reader loses nothing', async () => {
  const take = () => new Promise<void>((resolve) => setImmediate(resolve));
  const stream = new RecordingStream({ highWaterMark: 64, take });
  const run = await invokeBatchStream(handler, paths, { ...options, stream });

  expect(stream.heldBack).toBe(true);
  expect(run).toAnswerEveryItemOnce();
});
