import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root, startProgram } from './program.ts';

const NODE = join(root, 'node_modules', '.bin', 'node');
const AWS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  LPR_INCLUDE_BATCH_SIZE_HEADER: '1',
};

/** `lpr-router` → the Lambda API over HTTP → `lpr-emulator`, each a process of its own. */
async function startBoth(invoker: string) {
  const hello = join(root, 'examples', 'hello');
  const emulator = startProgram(NODE, [
    'emulator/bin/lpr-emulator.mjs',
    '--config',
    join(hello, 'lpr.yaml'),
    '--port=0',
    '--lambda-port=0',
  ]);
  const [, lambdaUrl] = await emulator.waitFor(/Lambda API at (http\S+)/);

  const folder = await mkdtemp(join(tmpdir(), 'lpr-three-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const manifest = await readFile(join(hello, 'lpr.yaml'), 'utf8');
  const config = join(folder, 'router.yaml');
  // Batches leave when they are full, however long that takes a busy machine.
  const patient = manifest.replace(':3000', ':0').replaceAll('maxWaitMs: 50', 'maxWaitMs: 9000');
  await writeFile(config, `Invoker: ${invoker}\nDefaultTimeoutMs: 20000\n${patient}`);
  const router = startProgram(NODE, ['router/bin/lpr-router.mjs', '--config', config], {
    ...AWS,
    AWS_ENDPOINT_URL_LAMBDA: lambdaUrl,
  });
  const [, url] = await router.waitFor(/"url":"(http[^"]+)"/);
  return { url, router, emulator };
}

describe.each(['sdk', 'signed'])('three processes, invoker %s', (invoker) => {
  it('answer a buffered batch, each client its own', async () => {
    const { url, router, emulator } = await startBoth(invoker);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const answers = await Promise.all(
      names.map(async (name) => {
        const response = await fetch(`${url}/hello/${name}`);
        return [response.status, response.headers.get('x-lpr-batch-size'), await response.json()];
      }),
    );
    expect(answers).toEqual(names.map((hello) => [200, '4', { hello }]));
    for (const program of [router, emulator]) {
      program.signal('SIGINT');
      expect(await program.ended).toBe(0);
    }
  });

  it('answer a fast request of a streamed batch before its slow neighbour', async () => {
    const { url } = await startBoth(invoker);
    const order: string[] = [];
    const ask = async (name: string, delayMs: number) => {
      const response = await fetch(`${url}/hello-stream/${name}?delayMs=${delayMs}`);
      order.push(name);
      expect(await response.json()).toEqual({ hello: name, delayMs });
      expect(response.headers.get('x-lpr-batch-size')).toBe('4');
    };
    await Promise.all([ask('slow', 1500), ask('fast', 0), ask('fast-too', 0), ask('third', 0)]);
    expect(order.at(-1)).toBe('slow');
  });
});
