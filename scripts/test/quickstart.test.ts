import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { parsePage } from '../docs/page.ts';
import { textOf } from '../docs/repository.ts';
import { root, startProgram } from './program.ts';

const run = promisify(execFile);
const page = parsePage('docs/quickstart.md', textOf('docs/quickstart.md'));

/** The blocks of a section, in their order. */
function blocksOf(heading: string) {
  const lines = page.text.split('\n');
  const first = lines.indexOf(`## ${heading}`);
  const next = lines.findIndex((line, index) => index > first && line.startsWith('## '));
  return page.blocks.filter(({ line }) => line > first && line < next);
}

/** A line of output, whatever it took this time. */
const inAnyTime = (line: string) =>
  new RegExp(
    line
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\d+(?:\\\.\d+)?(?= ms)/g, String.raw`[\d.]+`)
      .replaceAll(/:\d+/g, String.raw`:\d+`)
      .replace(/(?:cold|warm)$/, '(?:cold|warm)'),
  );

it('the commands of the first part do what the page says', async () => {
  const [start, listening, ...steps] = blocksOf('On your machine');
  expect(start!.code).toBe('npm start');
  // What `npm start` runs; that it does is tested in start.test.ts.
  const flags = ['--config', await patientExample(), '--port=0', '--lambda-port=0'];
  const program = startProgram(process.execPath, ['emulator/bin/lpr-emulator.mjs', ...flags]);
  for (const line of listening!.code.split('\n')) await program.waitFor(inAnyTime(line));
  const [, host] = await program.waitFor(/Listening at http:\/\/([^,]+),/);
  expect(steps.map(({ language }) => language)).toContain('sh');

  let printed = '';
  for (const { language, code } of steps) {
    if (language === 'sh') {
      const command = code.replaceAll('127.0.0.1:3000', host!);
      const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
      const env = { ...process.env, PATH: path };
      ({ stdout: printed } = await run('bash', ['-ec', command], { cwd: root, env }));
    }
    const lines = language === 'text' ? code.split('\n') : [];
    for (const line of lines.filter((line) => !printed.includes(line))) {
      await program.waitFor(inAnyTime(line));
    }
  }

  expect(page.text).toContain('<http://127.0.0.1:3000/__lpr>');
  expect((await fetch(`http://${host}/__lpr`)).headers.get('content-type')).toMatch('text/html');
  expect(await batchesInInspector(`http://${host}`)).toEqual(expect.arrayContaining([4, 1]));
});

/** `examples/hello` with a window that is long enough to start eight programs in. */
async function patientExample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-quickstart-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const hello = join(root, 'examples', 'hello');
  await symlink(join(hello, 'src'), join(folder, 'src'));
  const manifest = await readFile(join(hello, 'lpr.yaml'), 'utf8');
  const config = join(folder, 'lpr.yaml');
  const patient = manifest.replaceAll('maxWaitMs: 50', 'maxWaitMs: 1900');
  await writeFile(config, `DefaultTimeoutMs: 20000\n${patient}`);
  return config;
}

/** The sizes of the batches that the inspector shows first. */
async function batchesInInspector(url: string): Promise<number[]> {
  const events = await fetch(`${url}/__lpr/api/events`);
  let text = '';
  for await (const chunk of events.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, snapshot] = /^event: snapshot\ndata: (.*)\n$/m.exec(text) ?? [];
    if (snapshot === undefined) continue;
    const { batches } = JSON.parse(snapshot) as { batches: { size: number }[] };
    return batches.map(({ size }) => size);
  }
  throw new Error(`Expected a snapshot, got ${text}`);
}
