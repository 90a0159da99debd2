import { describe, expect, it } from 'vitest';
import { startLayer } from '../support/layer.ts';

const APP = `
import time

def handler(event, context):
    name = event["pathParameters"]["name"]
    if name.startswith("slow"):
        time.sleep(0.5)
    if name == "raise":
        raise ValueError("secret")
    if name == "exit":
        import os
        os._exit(3)
    ids = event["requestContext"]["requestId"] + " " + context.aws_request_id
    return {"statusCode": 200, "body": name + " " + ids}
`;

const PYTHON = { Runtime: 'python3.11', MemorySize: 1024 };
const FOUR = { ...PYTHON, Environment: { LPR_MAX_CONCURRENCY: '4' } };

describe('an unmodified Python handler behind the layer', () => {
  it('answers 40 concurrent requests in 10 invocations, each with its own body', async () => {
    const { get, ended, emulator } = await startLayer({ 'app.py': APP }, FOUR);
    expect([...emulator.preparations.values()]).toMatchObject([{ type: 'ready' }]);
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const answers = await Promise.all(names.map((name) => get(`/${name}`)));
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(body).toMatch(new RegExp(`^n${index} (r-[\\da-f-]+) \\1$`));
    }
    expect(ended).toHaveLength(10);
  });

  it('answers a fast item before its slow neighbour', async () => {
    const { get, ended } = await startLayer({ 'app.py': APP }, FOUR);
    const order: string[] = [];
    const names = ['slow-1', 'fast-1', 'slow-2', 'fast-2'];
    await Promise.all(
      names.map(async (name) => order.push((await get(`/${name}`)).body.split(' ')[0]!)),
    );
    expect(order.slice(0, 2).sort()).toEqual(['fast-1', 'fast-2']);
    expect(ended).toHaveLength(1);
  });

  it('harms nobody else when it raises', async () => {
    const { get } = await startLayer({ 'app.py': APP }, FOUR);
    const answers = await Promise.all(['raise', 'b', 'c', 'd'].map((name) => get(`/${name}`)));
    expect(answers[0]).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    expect(answers.slice(1).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('runs one item after the other where parallel events were not asked for', async () => {
    const { get, ended } = await startLayer({ 'app.py': APP }, PYTHON);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => get(`/${name}`)));
    expect(answers.map(({ body }) => body.split(' ')[0])).toEqual(['a', 'b', 'c', 'd']);
    expect(ended).toHaveLength(1);
  });
});
