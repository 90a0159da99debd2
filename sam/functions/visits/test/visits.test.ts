import { invokeBatch, invokeBatchStream } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startVisitsTable } from '../../../test/support/visits-table.ts';
import type { VisitsTable } from '../../../test/support/visits-table.ts';

const handlers = {
  adapter: () => import('../src/adapter.ts'),
  buffered: () => import('../src/buffered.ts'),
  direct: () => import('../src/direct.ts'),
  sse: () => import('../src/sse.ts'),
  streaming: () => import('../src/streaming.ts'),
  visits: () => import('../src/visits.ts'),
};
let table: VisitsTable;

beforeAll(async () => {
  table = await startVisitsTable();
  for (const [name, value] of Object.entries(table.environment)) vi.stubEnv(name, value);
  await table.write({ ada: 7, grace: 11 });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await table[Symbol.asyncDispose]();
});

const options = { route: '/visits/{page}' };

describe('handlers of visits', () => {
  it.each(['adapter', 'buffered'] as const)('%s answers each request of a batch', async (name) => {
    const { handler } = await handlers[name]();
    const paths = ['/visits/ada', '/visits/nobody', '/visits/grace', '/visits/ada'];
    const run = await invokeBatch(handler, paths, options);
    expect(run).toAnswerEveryItemOnce();
    const [ada, nobody, grace, again] = run.event.batch;
    expect(run).toHaveBodyFor(ada!, { page: 'ada', visits: 7 });
    expect(run).toHaveBodyFor(nobody!, { page: 'nobody', visits: 0 });
    expect(run).toHaveBodyFor(grace!, { page: 'grace', visits: 11 });
    expect(run).toHaveBodyFor(again!, { page: 'ada', visits: 7 });
  });

  it('streaming answers each request of a batch', async () => {
    const { handler } = await handlers.streaming();
    const run = await invokeBatchStream(handler, ['/visits/ada', '/visits/grace'], options);
    expect(run).toAnswerEveryItemOnce();
    expect(run).toHaveBodyFor(run.event.batch[1]!, { page: 'grace', visits: 11 });
  });

  it('a POST counts', async () => {
    const { handler } = await handlers.adapter();
    const visit = { method: 'POST', path: '/visits/new' };
    for (const visits of [1, 2]) {
      const run = await invokeBatch(handler, [visit], options);
      expect(run).toHaveBodyFor(run.event.batch[0]!, { page: 'new', visits });
    }
    const { readVisits } = await handlers.visits();
    expect(await readVisits('new')).toBe(2);
  });

  it('direct answers the event of a function URL', async () => {
    const { handler } = await handlers.direct();
    const requestContext = { http: { method: 'GET' } };
    const { body } = await handler({ rawPath: '/grace', requestContext });
    expect(JSON.parse(body)).toEqual({ page: 'grace', visits: 11 });
    expect(JSON.parse((await handler({ rawPath: '/' })).body)).toEqual({ page: 'home', visits: 0 });
  });

  it('sse takes turns', async () => {
    const { handler } = await handlers.sse();
    const paths = ['/sse/a?events=2&delayMs=1', '/sse/b?events=2&delayMs=1'];
    const run = await invokeBatchStream(handler, paths, { route: '/sse/{page}' });
    expect(run).toBeInterleaved();
    expect(run).toHaveBodyFor(
      run.event.batch[1]!,
      'id: 1\ndata: {"page":"b","tick":1}\n\nid: 2\ndata: {"page":"b","tick":2}\n\n',
    );
  });
});

describe('visits of many pages', () => {
  it('are read a hundred at a time', async () => {
    const pages = Array.from({ length: 130 }, (_, index) => `page-${index}`);
    await table.write(Object.fromEntries(pages.map((page, index) => [page, index])));
    const { readAllVisits } = await handlers.visits();
    const visits = await readAllVisits([...pages, 'page-1', 'nobody']);
    expect([...visits.entries()].toSorted(([, a], [, b]) => a - b)).toEqual(
      pages.map((page, index) => [page, index]),
    );
  });

  it('that DynamoDB leaves for later are asked for again', async () => {
    const pages = Array.from({ length: 45 }, (_, index) => `large-${index}`);
    await table.write(Object.fromEntries(pages.map((page) => [page, 1])), 390_000);
    const { readAllVisits } = await handlers.visits();
    expect((await readAllVisits(pages)).size).toBe(45);
  });
});
