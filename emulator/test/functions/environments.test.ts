import { expect, onTestFinished, test } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import type { EnvironmentStarted, InvocationStarted } from '../../src/functions/channels.ts';
import { contain } from '../../src/functions/containment.ts';
import { createEnvironment } from '../../src/functions/create-environment.ts';
import type { Isolation } from '../../src/functions/function-definition.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

const APP = `
  export const handler = async (event) => {
    if (event.crash) process.exit(1);
    await new Promise((done) => setTimeout(done, 20));
  };`;

/** A function, and what its environments tell, with numbers counted from the first one. */
async function start(isolation: Isolation) {
  const { directory } = await createProject({ 'app.ts': APP });
  const definition = defineFunction(directory, 'app.handler', { isolation });
  onTestFinished(contain());
  const environment = createEnvironment(definition, { variables: {} });
  const told: string[] = [];
  let first: number | undefined;
  const tell = (what: string) => (message: unknown) => {
    const { environment: number } = message as EnvironmentStarted | InvocationStarted;
    first ??= number;
    told.push(`${what} ${number - first + 1}`);
  };
  for (const [channel, listener] of [
    [channels.environmentStarted, tell('started')],
    [channels.invocationStarted, tell('invoked')],
    [channels.environmentEnded, tell('ended')],
  ] as const) {
    channel.subscribe(listener);
    onTestFinished(() => {
      channel.unsubscribe(listener);
    });
  }
  const invoke = (event: object) =>
    environment.invoke({ payload: payloadOf(event), mode: 'buffered' });
  return { environment, told, invoke };
}

test('worker threads are told of from their start to their end', async () => {
  const { environment, told, invoke } = await start('worker');
  await Promise.all([invoke({}), invoke({})]);
  expect(told.toSorted()).toEqual(['invoked 1', 'invoked 2', 'started 1', 'started 2']);
  await invoke({ crash: true });
  await expect.poll(() => told.at(-1)).toMatch(/^ended [12]$/);
  await environment.close();
  expect(told.slice(-2).toSorted()).toEqual(['ended 1', 'ended 2']);
});

test('in this process a crash ends the environment of all invocations, and the next one starts another', async () => {
  const { environment, told, invoke } = await start('in-process');
  await Promise.all([invoke({}), invoke({})]);
  await invoke({ crash: true });
  await expect.poll(() => told.at(-1)).toBe('ended 1');
  await invoke({});
  await environment.close();
  await expect.poll(() => told.slice(4)).toEqual(['ended 1', 'started 2', 'invoked 2', 'ended 2']);
});
