import { expect, onTestFinished, test } from 'vitest';
import type { ThrottledError } from '../../src/functions/concurrency.ts';
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

test('a function that contradicts another moves to a worker, where it has its own variables', async () => {
  const { directory } = await createProject({ 'app.ts': READ_ENVIRONMENT });
  const registry = open(
    defineFunction(directory, 'app.handler', { name: 'a', environment: { TABLE: '1', SAME: 's' } }),
    defineFunction(directory, 'app.handler', { name: 'b', environment: { TABLE: '2', SAME: 's' } }),
    defineFunction(directory, 'app.handler', { name: 'c', environment: { TABLE: '1' } }),
  );
  expect(registry.moved).toEqual([{ name: 'b', variable: 'TABLE', because: 'a' }]);
  expect(registry.functions.map(({ isolation }) => isolation)).toEqual([
    'in-process',
    'worker',
    'in-process',
  ]);
  expect(await ask(registry, 'a', 'AWS_LAMBDA_FUNCTION_NAME')).toEqual(['1', null]);
  expect(await ask(registry, 'b', 'AWS_LAMBDA_FUNCTION_NAME')).toEqual(['2', 'b']);
});

test('variables of env files yield to those of the process and of a function', async () => {
  const { directory } = await createProject({ 'app.ts': READ_ENVIRONMENT });
  for (const isolation of ['in-process', 'worker'] as const) {
    const registry = createRegistry(
      [defineFunction(directory, 'app.handler', { isolation, environment: { TABLE: 'own' } })],
      { defaults: { TABLE: 'file', PATH: 'file', ONLY: 'file' } },
    );
    onTestFinished(() => registry.close());
    expect(await ask(registry, 'hello', 'ONLY')).toEqual(['own', 'file']);
    expect(await ask(registry, 'hello', 'PATH')).toEqual(['own', process.env['PATH']]);
    await registry.close();
  }
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
  const inputs = [`${directory}/app.ts`];
  expect([...(await registry.prepare())]).toEqual([
    ['plain', { type: 'ready', streaming: false, initMs, inputs }],
    ['stream', { type: 'ready', streaming: true, initMs, inputs }],
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

test('reserved concurrency, then what is left of the account, throttle with the reason of Lambda', async () => {
  const { directory } = await createProject({
    'app.ts': 'export const handler = () => new Promise((done) => setTimeout(done, 20));',
  });
  const registry = createRegistry(
    [
      defineFunction(directory, 'app.handler', { name: 'few', reservedConcurrency: 1 }),
      defineFunction(directory, 'app.handler', { name: 'rest' }),
    ],
    { accountConcurrency: 2 },
  );
  onTestFinished(() => registry.close());
  const call = (name: string) =>
    registry.invoke(name, { payload: payloadOf({}), mode: 'buffered' }).then(
      ({ type }) => type,
      (error: unknown) => (error as ThrottledError).reason,
    );
  expect(await Promise.all([call('few'), call('few'), call('rest'), call('rest')])).toEqual([
    'buffered',
    'ReservedFunctionConcurrentInvocationLimitExceeded',
    'buffered',
    'ConcurrentInvocationLimitExceeded',
  ]);
  expect(await Promise.all([call('few'), call('rest')])).toEqual(['buffered', 'buffered']);
});

test('replacing loads anew; what is under way ends where it began, and a broken one changes nothing', async () => {
  const { directory, write } = await createProject({
    'app.ts': `export const handler = (event) => event.wait
      ? new Promise((done) => { globalThis.finishOld = () => done('old'); })
      : Promise.resolve('old');`,
  });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'finishOld'));
  const definition = defineFunction(directory, 'app.handler');
  const registry = open(definition);
  await registry.prepare();
  const textOf = async (event: object) => {
    const outcome = await registry.invoke('hello', { payload: payloadOf(event), mode: 'buffered' });
    return outcome.type === 'buffered'
      ? JSON.parse(Buffer.from(outcome.bytes).toString())
      : outcome;
  };
  const waiting = textOf({ wait: true });
  await expect.poll(() => Reflect.get(globalThis, 'finishOld') as unknown).toBeTypeOf('function');
  await write('app.ts', 'export const handler = async () => "new";');
  expect(await registry.replace([definition])).toMatchObject({ replaced: true });
  expect(await textOf({})).toBe('new');
  Reflect.get(globalThis, 'finishOld')();
  expect(await waiting).toBe('old');
  await write('app.ts', 'export const handler = async () => {');
  const { replaced, preparations } = await registry.replace([definition]);
  expect([replaced, preparations.get('hello')]).toMatchObject([
    false,
    { type: 'failed', error: { errorType: 'Runtime.UserCodeSyntaxError' } },
  ]);
  expect(await textOf({})).toBe('new');
});
