import { describe, expect, it } from 'vitest';
import { startLayer } from '../support/layer.ts';
import type { LayerSetup } from '../support/layer.ts';

const NODE = `
export const handler = async (event, context) => {
  const { name } = event.pathParameters;
  if (name.startsWith('slow')) await new Promise((resolve) => setTimeout(resolve, 300));
  if (name === 'fail') throw new Error('secret');
  const body = name + ' ' + context.awsRequestId + ' ' + event.requestContext.requestId;
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body };
};
`;

const PYTHON = `
import time

def handler(event, context):
    name = event["pathParameters"]["name"]
    if name.startswith("slow"):
        time.sleep(0.5)
    if name == "fail":
        raise ValueError("secret")
    ids = event["requestContext"]["requestId"] + " " + context.aws_request_id
    return {"statusCode": 200, "body": name + " " + ids}
`;

const NODE_RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

/** Asks for all names at once; `order` has them as their answers came. */
async function answersTo({ get }: LayerSetup, names: readonly string[]) {
  const order: (string | undefined)[] = [];
  const answers = await Promise.all(
    names.map(async (name) => {
      const answer = await get(`/${name}`);
      order.push(answer.body.split(' ')[0]);
      return answer;
    }),
  );
  return { answers, order, bodies: answers.map(({ body }) => body.split(' ')[0]) };
}

describe.each([
  ['Node.js', { 'app.mjs': NODE }, NODE_RUNTIME],
  ['Python', { 'app.py': PYTHON }, 'python3.11'],
])('an unmodified handler behind the layer (%s)', (_language, files, Runtime) => {
  const start = (Environment: Record<string, string>, options = {}) =>
    startLayer(files, { Runtime, MemorySize: 1024, Environment }, options);
  const startParallel = () => start({ LPR_MAX_CONCURRENCY: '4' });

  it('answers 40 concurrent requests in 10 invocations, each with its own body', async () => {
    const setup = await startParallel();
    expect([...setup.emulator.preparations.values()]).toMatchObject([{ type: 'ready' }]);
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const { answers } = await answersTo(setup, names);
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(body).toMatch(new RegExp(`^n${index} (r-[\\da-f-]+) \\1$`));
    }
    expect(setup.ended).toHaveLength(10);
    expect(setup.ended.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('answers a fast item before its slow neighbour', async () => {
    const setup = await startParallel();
    const { order } = await answersTo(setup, ['slow-1', 'fast-1', 'slow-2', 'fast-2']);
    expect(order.slice(0, 2).sort()).toEqual(['fast-1', 'fast-2']);
    expect(setup.ended).toHaveLength(1);
  });

  it('harms nobody else when it fails', async () => {
    const { answers } = await answersTo(await startParallel(), ['fail', 'b', 'c', 'd']);
    expect(answers[0]).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    expect(answers.slice(1).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each(['buffered', 'response_stream'])(
    'runs one item after the other where parallel events were not asked for (%s)',
    async (invokeMode) => {
      const setup = await start({}, { operation: { invokeMode } });
      const { bodies } = await answersTo(setup, ['a', 'b', 'c', 'd']);
      expect(bodies).toEqual(['a', 'b', 'c', 'd']);
      expect(setup.ended).toHaveLength(1);
    },
  );
});
