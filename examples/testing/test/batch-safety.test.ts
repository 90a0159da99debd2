import { withBatchAdapter } from 'lpr-lambda-adapter';
import { assertBatchSafe, invokeBatch, sequence, step } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';
import { handler } from '../src/hello.ts';

const events = ['ada', 'grace', 'barbara'].map((name) => ({
  path: `/hello/${name}`,
  route: '/hello/{name}',
}));

test('items of one batch do not see each other', async () => {
  await expect(assertBatchSafe(handler, events)).resolves.toBeUndefined();
});

test('a module variable is found, with the pair that shows it', async () => {
  let current = '';
  const leaky = withBatchAdapter(async (event) => {
    current = event.rawPath;
    await Promise.resolve();
    return { statusCode: 200, body: current };
  });

  await expect(assertBatchSafe(leaky, events)).rejects.toThrow(
    'a difference in a batch of `GET /hello/ada`, `GET /hello/grace`',
  );
});

test('two batches in one warm environment do not either', async () => {
  const careful = withBatchAdapter(async (event) => {
    const { rawPath } = event;
    await step();
    return { statusCode: 200, body: rawPath };
  });
  const [first, second] = await sequence([
    () => invokeBatch(careful, ['/a']),
    () => invokeBatch(careful, ['/b']),
  ]);

  expect(first).toHaveBodyFor(0, '/a');
  expect(second).toHaveBodyFor(0, '/b');
});
