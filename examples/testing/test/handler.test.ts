import { invokeBatch } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';
import { handler } from '../src/hello.ts';

test('greets everyone in the batch', async () => {
  const run = await invokeBatch(handler, ['/hello/ada', '/hello/grace'], {
    route: '/hello/{name}',
  });

  expect(run).toAnswerEveryItemOnce();
  expect(run).toHaveBodyFor(0, { hello: 'ada' });
  expect(run).toHaveRecordFor(1, { statusCode: 200, json: { hello: 'grace' } });
});

test('one failure is one failure', async () => {
  const run = await invokeBatch(handler, ['/hello/nobody', '/hello/ada'], {
    route: '/hello/{name}',
  });

  expect(run.recordOf(0)).toEqual(expect.record({ statusCode: 404 }));
  expect(run.recordOf(1)).toEqual(expect.record({ statusCode: 200 }));
});
