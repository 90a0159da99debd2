import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import { startLambdaApi } from '../../src/lambda-api/server.ts';
import { defineFunction } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

test('of a long log the last 4 KB go with an answer', async () => {
  const { directory } = await createProject({
    'app.ts': `export const handler = async () => {
      for (let n = 1; n <= 200; n += 1) console.log('line', n);
    };`,
  });
  const registry = createRegistry([defineFunction(directory, 'app.handler')]);
  const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint: api.url, region: 'eu-west-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await api.close();
    await registry.close();
  });
  const { LogResult = '' } = await client.send(
    new InvokeCommand({ FunctionName: 'hello', LogType: 'Tail' }),
  );
  const log = Buffer.from(LogResult, 'base64');
  expect(log.byteLength).toBe(4096);
  const lines = log.toString().trimEnd().split('\n');
  expect(lines.at(-3)).toMatch(/INFO\tline 200$/);
  expect(lines.at(-1)).toMatch(/^REPORT RequestId: /);
  expect(lines.join('\n')).not.toContain('START');
});
