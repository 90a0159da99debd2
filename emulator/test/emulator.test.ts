import { join } from 'node:path';
import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../src/emulator.ts';
import { payloadOf } from './support/functions.ts';
import { createProject } from './support/project.ts';

const BATCHED = `
  export const handler = async (event) => ({
    v: 1,
    responses: event.batch.map(({ requestContext, rawPath }) => ({
      id: requestContext.requestId,
      statusCode: 200,
      headers: { 'x-batch': String(event.batch.length) },
      body: rawPath,
    })),
  });`;

const MANIFEST = `
Spec:
  paths:
    /hello/{name}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 1000, maxBatchSize: 2 }
Emulator:
  Functions:
    hello: { Handler: src/app.handler }
`;

const anyPort = { port: 0, host: '127.0.0.1' };

test('requests to a route of the manifest share an invocation of its function', async () => {
  const { directory } = await createProject({ 'lpr.yaml': MANIFEST, 'src/app.ts': BATCHED });
  await using emulator = await startEmulator({ config: join(directory, 'lpr.yaml'), ...anyPort });
  const answers = await Promise.all(
    ['ada', 'bob'].map((name) => fetch(`${emulator.url}/hello/${name}`)),
  );
  expect(answers.map((answer) => answer.headers.get('x-batch'))).toEqual(['2', '2']);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([
    '/hello/ada',
    '/hello/bob',
  ]);
});

test('the SDK reaches the same functions through the Lambda API', async () => {
  const { directory } = await createProject({ 'lpr.yaml': MANIFEST, 'src/app.ts': BATCHED });
  await using emulator = await startEmulator({ config: join(directory, 'lpr.yaml'), ...anyPort });
  const client = new LambdaClient({
    endpoint: emulator.lambdaUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => {
    client.destroy();
  });
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'hello', Payload: payloadOf({ batch: [] }) }),
  );
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe('{"v":1,"responses":[]}');
});

test.for([
  ['app.ts', BATCHED],
  ['app.main', BATCHED.replace('handler', 'main')],
] as const)('the handler `%s` alone is behind every path and method', async ([argument, code]) => {
  const { directory } = await createProject({ 'app.ts': code });
  await using emulator = await startEmulator({ handler: join(directory, argument), ...anyPort });
  const [root, deep] = await Promise.all([
    fetch(emulator.url, { method: 'DELETE' }),
    fetch(`${emulator.url}/a/b`, { method: 'POST', body: 'x' }),
  ]);
  expect([await root.text(), await deep.text()]).toEqual(['/', '/a/b']);
});

test('a lone streaming handler gets streaming routes', async () => {
  const { directory } = await createProject({
    'app.ts': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      for (const { requestContext, rawPath } of event.batch) {
        stream.write(JSON.stringify({ v: 1, id: requestContext.requestId, statusCode: 200, body: rawPath }) + '\\n');
      }
      stream.end();
    });`,
  });
  await using emulator = await startEmulator({ handler: join(directory, 'app.ts'), ...anyPort });
  expect(emulator.router.config.operations[0]?.invokeMode).toBe('response_stream');
  expect(await (await fetch(`${emulator.url}/x`)).text()).toBe('/x');
});

test('a lone handler that cannot be loaded is an error of the start', async () => {
  const { directory } = await createProject({ 'app.ts': 'export const other = 1;' });
  const file = join(directory, 'app.ts');
  await expect(startEmulator({ handler: file, ...anyPort })).rejects.toThrow(
    `${file}: handler: expected a handler that can be loaded, got Runtime.HandlerNotFound: ${file} is undefined or not exported`,
  );
});

test('a lone handler that is not there, or no code, is told with its place', async () => {
  const { directory } = await createProject({ 'app.ts': 'export const handler = ;' });
  const start = (name: string) => startEmulator({ handler: join(directory, name), ...anyPort });
  await expect(start('other.ts')).rejects.toThrow(
    `Runtime.ImportModuleError: Error: Cannot find module '${directory}/other.ts'`,
  );
  await expect(start('app.ts')).rejects.toThrow(
    `${directory}/app.ts:1:24\nexport const handler = ;`,
  );
});

test('mistakes of routes and functions are told together', async () => {
  const { directory } = await createProject({
    'lpr.yaml': MANIFEST.replace('maxBatchSize: 2', 'maxBatchSize: 0').replace('Handler', 'Hander'),
  });
  const file = join(directory, 'lpr.yaml');
  await expect(startEmulator({ config: file, ...anyPort })).rejects.toThrow(
    new RegExp(
      `^${file}:7:\\d+: .*maxBatchSize.*\n${file}:10:\\d+: .*\`Hander\`; did you mean \`Handler\`\\?$`,
    ),
  );
});

test('a busy port is named with its flag, and nothing is left running', async () => {
  const { directory } = await createProject({ 'app.ts': BATCHED });
  await using emulator = await startEmulator({ handler: join(directory, 'app.ts'), ...anyPort });
  const port = Number(new URL(emulator.url).port);
  const second = startEmulator({
    handler: join(directory, 'app.ts'),
    host: '127.0.0.1',
    port,
    lambdaPort: 0,
  });
  await expect(second).rejects.toThrow(`Port ${port} is in use; choose another with \`--port\``);
});
