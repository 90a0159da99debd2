import { expect, onTestFinished, test } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import type { InvocationEnded, InvocationWarned } from '../../src/functions/channels.ts';
import { createRegistry } from '../../src/functions/registry.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

const MIB = 1_048_576;

/** Writes `event` MiB, and tells when it is done. */
const APP = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const chunk = Buffer.alloc(${MIB}, 'x');
  for (let n = 0; n < event; n += 1) {
    if (!stream.write(chunk)) await new Promise((go) => stream.once('drain', go));
  }
  stream.end();
  console.log('wrote all');
});`;

async function start(isolation: 'in-process' | 'worker') {
  const { directory } = await createProject({ 'app.ts': APP });
  const registry = createRegistry([defineFunction(directory, 'app.handler', { isolation })]);
  const warnings: string[] = [];
  const ended: InvocationEnded[] = [];
  const logs: unknown[] = [];
  const onWarned = (message: unknown): void =>
    void warnings.push((message as InvocationWarned).text);
  const onEnded = (message: unknown): void => void ended.push(message as InvocationEnded);
  const onLogged = (message: unknown): void => void logs.push(message);
  channels.invocationWarned.subscribe(onWarned);
  channels.invocationEnded.subscribe(onEnded);
  channels.logged.subscribe(onLogged);
  onTestFinished(async () => {
    channels.invocationWarned.unsubscribe(onWarned);
    channels.invocationEnded.unsubscribe(onEnded);
    channels.logged.unsubscribe(onLogged);
    await registry.close();
  });
  const read = async (mebibytes: number) => {
    const outcome = await registry.invoke('hello', {
      payload: payloadOf(mebibytes),
      mode: 'stream',
    });
    if (outcome.type !== 'stream') throw new Error(`Expected a stream, got ${outcome.type}`);
    let length = 0;
    let failure: unknown;
    try {
      for await (const chunk of outcome.chunks) length += chunk.byteLength;
    } catch (error) {
      failure = error;
    }
    return { length, failure };
  };
  return { read, warnings, ended, logs };
}

test.for(['in-process', 'worker'] as const)(
  'a stream of 200 MiB is complete, and its reader is warned of nothing but its size (%s)',
  async (isolation) => {
    const { read, warnings, ended } = await start(isolation);
    expect(await read(200)).toEqual({ length: 200 * MIB, failure: undefined });
    expect(warnings).toEqual([
      'The streamed answer has 167772160 bytes, 80 % of the 209715200 that Lambda allows',
    ]);
    await expect.poll(() => ended).toMatchObject([{ error: undefined }]);
  },
);

test.for(['in-process', 'worker'] as const)(
  'a stream of more than 200 MiB fails after those, and its handler goes on (%s)',
  async (isolation) => {
    const { read, ended, logs } = await start(isolation);
    const { length, failure } = await read(202);
    expect(length).toBe(200 * MIB);
    const payload = {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage:
        'Response payload size exceeded maximum allowed payload size (209715200 bytes).',
    };
    expect(failure).toMatchObject({ payload });
    await expect.poll(() => ended).toMatchObject([{ error: payload }]);
    await expect.poll(() => logs).toMatchObject([{ text: 'wrote all' }]);
  },
);
