import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with a handler, what it imports, and a manifest with a route to it. */
export interface HandlerProject extends AsyncDisposable {
  readonly folder: string;
  /** Makes the handler answer with another word, by an edit of what it imports. */
  edit(word: string): Promise<void>;
}

// CommonJS, because not every neighbour loads anything else.
const HANDLER = `const { word } = require('./word.js');
exports.handler = async () => ({ statusCode: 200, body: word });
`;

const MANIFEST = `Spec:
  paths:
    /hello:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: single }
Emulator: { Functions: { hello: { Handler: app.handler } } }
`;

async function createHandlerProject(word: string): Promise<HandlerProject> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-bench-'));
  // Put in place at once: a file that is only truncated so far can be read, too.
  const edit = async (next: string) => {
    await writeFile(join(folder, 'next'), `exports.word = '${next}';\n`);
    await rename(join(folder, 'next'), join(folder, 'word.js'));
  };
  await writeFile(join(folder, 'app.js'), HANDLER);
  await writeFile(join(folder, 'lpr.yaml'), MANIFEST);
  await edit(word);
  return { folder, edit, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** A local emulator of Lambda, listening. */
export interface EmulatorProgram extends AsyncDisposable {
  readonly url: string;
  /** One request to the handler; resolves to the answer's body. */
  ask(agent?: Agent): Promise<string>;
}

/** Starts an emulator in the folder of a handler; rejects when it ends before it listens. */
export type StartEmulator = (folder: string) => Promise<EmulatorProgram>;

/** Gives `use` an emulator that has just been started on a handler that answers `word`; nothing of either is left. */
export async function withHandler<T>(
  word: string,
  start: StartEmulator,
  use: (program: EmulatorProgram, project: HandlerProject) => Promise<T>,
): Promise<T> {
  // No `await using`: Node.js 22 runs this file as it is.
  const project = await createHandlerProject(word);
  try {
    const program = await start(project.folder);
    try {
      return await use(program, project);
    } finally {
      await program[Symbol.asyncDispose]();
    }
  } finally {
    await project[Symbol.asyncDispose]();
  }
}

/** Asks until the answer is `word`; rejects with another answer than the one before an edit. */
export async function untilAnswer(
  program: EmulatorProgram,
  word: string,
  before?: string,
): Promise<void> {
  for (;;) {
    const answer = await program.ask();
    if (answer === word) return;
    if (answer !== before) throw new Error(`Expected \`${word}\`, got \`${answer}\``);
  }
}

/** One request over a connection of the agent; resolves to the body of the answer. */
export async function send(
  url: string,
  { agent, body }: { readonly agent?: Agent | undefined; readonly body?: string } = {},
): Promise<string> {
  const sent = request(url, {
    method: body === undefined ? 'GET' : 'POST',
    ...(agent === undefined ? {} : { agent }),
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  return text;
}

/** Starts a program of Node.js in a folder; resolves to what `listening` found in its output, and to what stops it. */
export async function startProgram(args: readonly string[], folder: string, listening: RegExp) {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const match = await new Promise<string>((resolve, reject) => {
    // Some tell on one stream what others tell on the other.
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = listening.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    void exited.then(() => reject(new Error(`Expected it to listen, got:\n${output}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return { match, stop };
}
