import { test } from 'node:test';
import { assertBodyFor, assertEveryItemAnsweredOnce, invokeBatch } from 'lpr-testkit';
import { handler } from '../src/hello.ts';

await test('greets everyone in the batch', async () => {
  const run = await invokeBatch(handler, ['/hello/ada'], { route: '/hello/{name}' });

  assertEveryItemAnsweredOnce(run);
  assertBodyFor(run, 0, { hello: 'ada' });
});
