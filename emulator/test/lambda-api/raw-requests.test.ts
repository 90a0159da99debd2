import { expect, onTestFinished, test } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import { startLambdaApi } from '../../src/lambda-api/server.ts';
import { defineFunction } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

async function start(): Promise<string> {
  const { directory } = await createProject({
    'app.ts': 'export const handler = async (event) => event;',
  });
  const registry = createRegistry([defineFunction(directory, 'app.handler')]);
  const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await api.close();
    await registry.close();
  });
  return api.url;
}

const INVOKE = '/2015-03-31/functions/hello/invocations';

async function refusalOf(answer: Response) {
  const body: unknown = await answer.json();
  return { status: answer.status, type: answer.headers.get('x-amzn-errortype'), body };
}

test.for([
  ['GET', INVOKE],
  ['POST', '/2015-03-31/functions'],
  ['GET', '/'],
  ['POST', '/2015-03-31/functions/%zz/invocations'],
] as const)(
  '%s %s is no operation, and the answer names those there are',
  async ([method, path]) => {
    const answer = await fetch((await start()) + path, { method });
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await refusalOf(answer)).toEqual({
      status: 404,
      type: 'UnknownOperationException',
      body: {
        Type: 'User',
        Message: `The emulator's Lambda API has no operation ${method} ${path}; it has POST /2015-03-31/functions/{FunctionName}/invocations and POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations`,
      },
    });
  },
);

test.for(['text/plain', 'nonsense', 'application/json; charset=', ''])(
  'the content type `%s` does not matter',
  async (type) => {
    const answer = await fetch((await start()) + INVOKE, {
      method: 'POST',
      body: '[1]',
      headers: { 'content-type': type },
    });
    expect(await answer.text()).toBe('[1]');
    expect(answer.headers.get('content-type')).toBe('application/json');
  },
);

test('a name that cannot be one is a ValidationException', async () => {
  const url = await start();
  const answer = await fetch(`${url}/2015-03-31/functions/a%20b/invocations`, { method: 'POST' });
  expect(await refusalOf(answer)).toMatchObject({ status: 400, type: 'ValidationException' });
});

test.for([
  [
    `/2015-03-31/functions/hello:1/invocations?Qualifier=2`,
    {},
    'The derived qualifier from the function name does not match the specified qualifier.',
  ],
  [
    INVOKE,
    { 'x-amz-invocation-type': 'Later' },
    'Expected `InvocationType` to be RequestResponse, Event or DryRun, got `Later`',
  ],
  [
    '/2021-11-15/functions/hello/response-streaming-invocations',
    { 'x-amz-invocation-type': 'Event' },
    'Expected `InvocationType` to be RequestResponse or DryRun, got `Event`',
  ],
] as const)('%s with %o is InvalidParameterValueException', async ([path, headers, Message]) => {
  const answer = await fetch((await start()) + path, { method: 'POST', headers });
  expect(await refusalOf(answer)).toEqual({
    status: 400,
    type: 'InvalidParameterValueException',
    body: { Type: 'User', Message },
  });
});

test('a busy port is refused when starting', async () => {
  const port = Number(new URL(await start()).port);
  const registry = createRegistry([]);
  onTestFinished(() => registry.close());
  await expect(startLambdaApi({ registry, host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
