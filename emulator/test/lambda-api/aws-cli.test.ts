import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import { startLambdaApi } from '../../src/lambda-api/server.ts';
import { defineFunction } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

const run = promisify(execFile);

async function start(code: string) {
  const { directory } = await createProject({ 'app.ts': code, 'event.json': '{"name":"ada"}' });
  const registry = createRegistry([defineFunction(directory, 'app.handler')]);
  const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await api.close();
    await registry.close();
  });
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_LAMBDA: api.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
  };
  const answerFile = join(directory, 'answer.json');
  const aws = async (...args: string[]) => {
    const event = `fileb://${join(directory, 'event.json')}`;
    const all = ['lambda', 'invoke', '--function-name', 'hello', '--payload', event, ...args];
    // Older ones do not read AWS_ENDPOINT_URL_LAMBDA.
    const sent = run('aws', [...all, '--endpoint-url', api.url, '--output', 'json', answerFile], {
      env,
    });
    const { stdout } = await sent.catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Error('Expected the AWS CLI; install it with `apt-get install awscli`');
    });
    const answer = await readFile(answerFile, 'utf8').catch(() => '');
    return { told: JSON.parse(stdout) as Record<string, unknown>, answer };
  };
  return { aws };
}

test('the AWS CLI invokes a function and shows its log', async () => {
  const { aws } = await start(
    'export const handler = async ({ name }) => { console.log("hello", name); return { name }; };',
  );
  const { told, answer } = await aws('--log-type', 'Tail');
  expect(told).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(Buffer.from(String(told['LogResult']), 'base64').toString()).toContain('INFO\thello ada');
  expect(JSON.parse(answer)).toEqual({ name: 'ada' });
});

test('the AWS CLI is told of function errors, and gets Event and DryRun accepted', async () => {
  const { aws } = await start('export const handler = async () => { throw new Error("boom"); };');
  const failed = await aws();
  expect(failed.told).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(failed.answer)).toMatchObject({ errorType: 'Error', errorMessage: 'boom' });
  expect((await aws('--invocation-type', 'Event')).told).toEqual({ StatusCode: 202 });
  expect((await aws('--invocation-type', 'DryRun')).told).toEqual({ StatusCode: 204 });
});

test('the AWS CLI names the exception of an unknown function', async () => {
  const { aws } = await start('export const handler = async () => 1;');
  await expect(aws('--function-name', 'nobody')).rejects.toThrow('ResourceNotFoundException');
});
