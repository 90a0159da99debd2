import { expect, onTestFinished, test } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import type { FunctionRegistry } from '../../src/functions/registry.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

const READ_ENVIRONMENT = `
  const atLoad = process.env.TABLE;
  export const handler = async (event) => [atLoad, process.env[event.name] ?? null];`;

function open(...functions: Parameters<typeof createRegistry>[0]): FunctionRegistry {
  const registry = createRegistry(functions);
  onTestFinished(() => registry.close());
  return registry;
}

async function ask(registry: FunctionRegistry, name: string, variable: string): Promise<unknown> {
  const outcome = await registry.invoke(name, {
    payload: payloadOf({ name: variable }),
    mode: 'buffered',
  });
  return outcome.type === 'buffered' ? JSON.parse(Buffer.from(outcome.bytes).toString()) : outcome;
}

test('a handler sees its Environment and the variables of Lambda until the registry is closed', async () => {
  const { directory } = await createProject({ 'app.ts': READ_ENVIRONMENT });
  const registry = open(
    defineFunction(directory, 'app.handler', { memoryMb: 512, environment: { TABLE: 'items' } }),
  );
  expect(await ask(registry, 'hello', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE')).toEqual(['items', '512']);
  expect(await ask(registry, 'hello', 'AWS_LAMBDA_FUNCTION_NAME')).toEqual(['items', 'hello']);
  await registry.close();
  expect(process.env['TABLE']).toBeUndefined();
  expect(process.env['AWS_LAMBDA_FUNCTION_NAME']).toBeUndefined();
});

test('functions that disagree about a variable are a conflict, and the first wins', async () => {
  const { directory } = await createProject({ 'app.ts': READ_ENVIRONMENT });
  const registry = open(
    defineFunction(directory, 'app.handler', { name: 'a', environment: { TABLE: '1', SAME: 's' } }),
    defineFunction(directory, 'app.handler', { name: 'b', environment: { TABLE: '2', SAME: 's' } }),
    defineFunction(directory, 'app.handler', { name: 'c', environment: { TABLE: '1' } }),
  );
  expect(registry.conflicts).toEqual([{ variable: 'TABLE', functions: ['a', 'b', 'c'] }]);
  expect(await ask(registry, 'b', 'SAME')).toEqual(['1', 's']);
  expect(await ask(registry, 'b', 'AWS_LAMBDA_FUNCTION_NAME')).toEqual(['1', null]);
});

test('preparing tells how each handler answers, or why it cannot be loaded', async () => {
  const { directory } = await createProject({
    'app.ts': `
      export const plain = async () => 1;
      export const stream = awslambda.streamifyResponse(async () => {});`,
  });
  const registry = open(
    defineFunction(directory, 'app.plain', { name: 'plain' }),
    defineFunction(directory, 'app.stream', { name: 'stream' }),
    defineFunction(directory, 'app.gone', { name: 'bad' }),
  );
  const initMs = expect.any(Number) as number;
  expect([...(await registry.prepare())]).toEqual([
    ['plain', { type: 'ready', streaming: false, initMs }],
    ['stream', { type: 'ready', streaming: true, initMs }],
    [
      'bad',
      {
        type: 'failed',
        error: expect.objectContaining({
          errorMessage: 'app.gone is undefined or not exported',
        }) as unknown,
      },
    ],
  ]);
});

test('an unknown function is named beside those there are', async () => {
  const registry = open(defineFunction('/', 'app.handler'));
  await expect(
    registry.invoke('nobody', { payload: payloadOf({}), mode: 'buffered' }),
  ).rejects.toThrow('Expected the name of a function (`hello`), got `nobody`');
});
