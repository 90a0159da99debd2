import { describe, expect, it } from 'vitest';
import { startLayer } from '../support/layer.ts';

/** What fails is in the path; everything else is well. */
const APP = `
export const handler = async (event) => {
  const { name } = event.pathParameters;
  await new Promise((resolve) => setTimeout(resolve, 50));
  switch (name) {
    case 'throw': throw new Error('secret');
    case 'late':
      setTimeout(() => { throw new Error('late'); }, 10);
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    case 'exit': process.exit(3);
    case 'kill': process.kill(process.pid, 'SIGKILL');
    case 'term': process.kill(process.pid, 'SIGTERM'); await new Promise(() => {});
    case 'loop': for (;;);
    case 'large': return { statusCode: 200, body: 'x'.repeat(7_000_000) };
    case 'status': return { statusCode: 'none' };
  }
  return { statusCode: 200, body: name };
};
`;
const RUNTIME = { Runtime: `nodejs${process.versions.node.split('.')[0]}.x`, MemorySize: 1024 };
const FOUR = { ...RUNTIME, Environment: { LPR_MAX_CONCURRENCY: '4' } };
const BATCH = ['bad', 'b', 'c', 'd'];

async function batchWith(bad: string, settings: object, options = {}) {
  const setup = await startLayer({ 'app.mjs': APP }, settings, options);
  const answers = await Promise.all(
    BATCH.map((name) => setup.get(`/${name === 'bad' ? bad : name}`)),
  );
  return { ...setup, answers };
}

describe('one failing item of a batch, behind the layer', () => {
  it.each([
    ['throw', 500, 'Internal Server Error'],
    ['large', 502, 'LPR_BAD_RESPONSE'],
    ['status', 502, 'LPR_BAD_RESPONSE'],
    ['late', 502, 'LPR_FUNCTION_ERROR'],
    ['exit', 502, 'LPR_FUNCTION_ERROR'],
  ])('harms nobody else when it fails so: %s', async (bad, status, text) => {
    const { answers, ended, get } = await batchWith(bad, FOUR);
    expect(answers[0]).toMatchObject({ status, body: expect.stringContaining(text) as string });
    expect(answers.slice(1).map(({ body }) => body)).toEqual(['b', 'c', 'd']);
    expect(ended).toHaveLength(1);
    const again = await Promise.all(['e', 'f', 'g', 'h'].map((name) => get(`/${name}`)));
    expect(again.map(({ body }) => body)).toEqual(['e', 'f', 'g', 'h']);
  });

  it('is answered with 504 when it loops past the deadline, and the others are not', async () => {
    const { answers } = await batchWith('loop', FOUR, { timeoutMs: 3000 });
    expect(answers[0]).toMatchObject({ status: 504 });
    expect(answers.slice(1).map(({ body }) => body)).toEqual(['b', 'c', 'd']);
  });

  it.each(['kill', 'term'])(
    'fails those without an answer when the process ends: %s',
    async (bad) => {
      const { answers, get } = await batchWith(bad, FOUR);
      expect(answers[0]).toMatchObject({ status: 502 });
      for (const { status } of answers.slice(1)) expect([200, 502]).toContain(status);
      // A new environment takes over.
      const again = await Promise.all(['e', 'f', 'g', 'h'].map((name) => get(`/${name}`)));
      expect(again.map(({ body }) => body)).toEqual(['e', 'f', 'g', 'h']);
    },
  );

  it('ends the environment when the only worker exits', async () => {
    const { answers, get, ended } = await batchWith('exit', RUNTIME);
    expect(answers[0]).toMatchObject({ status: 502 });
    expect(ended[0]?.error).toMatchObject({ errorType: 'Runtime.ExitError' });
    const again = await Promise.all(['e', 'f', 'g', 'h'].map((name) => get(`/${name}`)));
    expect(again.map(({ body }) => body)).toEqual(['e', 'f', 'g', 'h']);
  });
});

describe('a function behind the layer', () => {
  it('that cannot be loaded says why before the first request', async () => {
    const { emulator, get } = await startLayer(
      { 'app.mjs': "throw new Error('no database')" },
      RUNTIME,
      {
        operation: { maxBatchSize: 1 },
      },
    );
    expect([...emulator.preparations.values()]).toMatchObject([
      { type: 'failed', error: { errorType: 'Error', errorMessage: 'no database' } },
    ]);
    expect((await get('/a')).status).toBe(502);
  });

  it('times out as Lambda does when nothing stops it', async () => {
    const settings = { ...RUNTIME, Timeout: 1 };
    const { get, ended } = await startLayer({ 'app.mjs': APP }, settings, {
      operation: { maxBatchSize: 1 },
    });
    // The item is answered before Lambda's deadline; the runtime is stuck.
    expect((await get('/loop')).status).toBe(504);
    expect((await get('/well')).status).toBe(502);
    expect(ended.at(-1)?.error).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await get('/well')).toMatchObject({ status: 200, body: 'well' });
  });
});
