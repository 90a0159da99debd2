import { describe, expect, it } from 'vitest';
import { startLayer } from '../support/layer.ts';

const APP = `
export const handler = async (event, context) => {
  const { name } = event.pathParameters;
  if (name.startsWith('slow')) await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/plain', 'x-request': context.awsRequestId },
    body: name + ' ' + context.awsRequestId + ' ' + event.requestContext.requestId,
  };
};
`;

const NODE = { Runtime: `nodejs${process.versions.node.split('.')[0]}.x`, MemorySize: 1024 };
const FOUR = { ...NODE, Environment: { LPR_MAX_CONCURRENCY: '4' } };

describe('an unmodified Node.js handler behind the layer', () => {
  it('answers 40 concurrent requests in 10 invocations, each with its own body', async () => {
    const { get, ended, emulator } = await startLayer({ 'app.mjs': APP }, FOUR);
    expect([...emulator.preparations.values()]).toMatchObject([{ type: 'ready' }]);
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const answers = await Promise.all(names.map((name) => get(`/${name}`)));
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(body).toMatch(new RegExp(`^n${index} (r-[\\da-f-]+) \\1$`));
    }
    expect(ended).toHaveLength(10);
    expect(ended.map(({ error }) => error)).toEqual(Array.from({ length: 10 }, () => undefined));
  });

  it('answers a fast item before its slow neighbour', async () => {
    const { get, ended } = await startLayer({ 'app.mjs': APP }, FOUR);
    const order: string[] = [];
    const names = ['slow-1', 'fast-1', 'slow-2', 'fast-2'];
    await Promise.all(
      names.map(async (name) => order.push((await get(`/${name}`)).body.split(' ')[0]!)),
    );
    expect(order.slice(0, 2).sort()).toEqual(['fast-1', 'fast-2']);
    expect(ended).toHaveLength(1);
  });

  it('answers item by item where parallel events were not asked for', async () => {
    const { get, ended } = await startLayer({ 'app.mjs': APP }, NODE, {
      operation: { invokeMode: 'buffered' },
    });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => get(`/${name}`)));
    expect(answers.map(({ body }) => body.split(' ')[0])).toEqual(['a', 'b', 'c', 'd']);
    expect(ended).toHaveLength(1);
  });
});
