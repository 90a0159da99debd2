import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder with a handler in TypeScript, what it imports, and a manifest with a route to it. */
export interface HandlerProject extends AsyncDisposable {
  readonly folder: string;
  /** Makes the handler answer with another word, by an edit of what it imports. */
  edit(word: string): Promise<void>;
}

const HANDLER = `import { word } from './word.ts';
export const handler = async () => ({ statusCode: 200, body: word });
`;

const MANIFEST = `Spec:
  paths:
    /hello:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: single }
Emulator: { Functions: { hello: { Handler: app.handler } } }
`;

export async function createHandlerProject(word: string): Promise<HandlerProject> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-bench-'));
  const edit = (next: string) =>
    writeFile(join(folder, 'word.ts'), `export const word: string = '${next}';\n`);
  await writeFile(join(folder, 'app.ts'), HANDLER);
  await writeFile(join(folder, 'lpr.yaml'), MANIFEST);
  await edit(word);
  return { folder, edit, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const PROGRAM = join(
  fileURLToPath(import.meta.resolve('lpr-emulator/package.json')),
  '..',
  'bin',
  'lpr-emulator.mjs',
);

/** The program `lpr-emulator`, listening. */
export interface EmulatorProgram extends AsyncDisposable {
  readonly url: string;
}

/** Starts the program in a folder; rejects when it ends before it listens. */
export async function startEmulatorProgram(folder: string): Promise<EmulatorProgram> {
  const child = spawn(process.execPath, [PROGRAM, '--port', '0', '--lambda-port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /Listening at (http[^\s,]+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error(`Expected the emulator to listen, got:\n${output}`)));
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** Asks until the answer is `word`; rejects with another answer than the one before an edit. */
export async function untilAnswer(url: string, word: string, before?: string): Promise<void> {
  for (;;) {
    const answer = await (await fetch(`${url}/hello`)).text();
    if (answer === word) return;
    if (answer !== before) throw new Error(`Expected \`${word}\`, got \`${answer}\``);
  }
}
