import { describe, expect, it } from 'vitest';
import { startLayer } from '../support/layer.ts';

// A runtime as one writes it by hand: a connection for each request, one event at a time.
const BOOTSTRAP = `#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while true; do
  event="$(curl -sS -D headers "$api/invocation/next")" || exit 1
  id="$(grep -i '^lambda-runtime-aws-request-id:' headers | tr -d '\\r' | cut -d' ' -f2)"
  path="$(sed 's/.*"rawPath":"\\([^"]*\\)".*/\\1/' <<<"$event")"
  curl -sS -o /dev/null -d "{\\"statusCode\\":200,\\"body\\":\\"bash $path\\"}" "$api/invocation/$id/response"
done
`;

const STREAMING = `
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const head = { statusCode: 201, headers: { 'content-type': 'text/plain' } };
  const body = awslambda.HttpResponseStream.from(stream, head);
  body.write('streamed ');
  await new Promise((resolve) => setTimeout(resolve, 20));
  body.write(event.pathParameters.name);
  body.end();
});
`;

const names = ['a', 'b', 'c', 'd'];

describe('other functions behind the layer', () => {
  it('run by a command that speaks the Runtime API', async () => {
    const { get, ended } = await startLayer(
      { bootstrap: BOOTSTRAP },
      { Command: ['/bin/bash', 'bootstrap'] },
    );
    const answers = await Promise.all(names.map((name) => get(`/${name}`)));
    expect(answers.map(({ body }) => body)).toEqual(names.map((name) => `bash /${name}`));
    expect(ended).toHaveLength(1);
  });

  it.each([
    ['one after the other', {}],
    [
      'in parallel, with the native client',
      { LPR_MAX_CONCURRENCY: '4', AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'false' },
    ],
  ])('stream, and each stream is one answer: %s', async (_how, Environment) => {
    const { get, ended } = await startLayer(
      { 'app.mjs': STREAMING },
      { Runtime: `nodejs${process.versions.node.split('.')[0]}.x`, MemorySize: 1024, Environment },
    );
    const answers = await Promise.all(names.map((name) => get(`/${name}`)));
    expect(answers).toMatchObject(names.map((name) => ({ status: 201, body: `streamed ${name}` })));
    expect(ended).toHaveLength(1);
  });

  it('say what is missing when their program cannot be started', async () => {
    const { emulator } = await startLayer({}, { Command: ['/nonexistent/bootstrap'] });
    expect([...emulator.preparations.values()]).toMatchObject([
      { type: 'failed', error: { errorType: 'Runtime.ExitError' } },
    ]);
  });
});
