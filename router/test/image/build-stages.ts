import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, matchesGlob, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Stage, Step } from './dockerfile.ts';

type Copy = Extract<Step, { readonly type: 'copy' }>;

/**
 * Does what building an image does to its files, without a Docker engine: each stage has a clean folder for its
 * root, and this machine's programs. Stages that do not copy from one another are built at the same time.
 */
export class StageBuild {
  /** Roots of the stages, by name; the last one is `''`. */
  readonly #roots = new Map<string, Promise<string>>();
  readonly #context: string;

  private constructor(context: string) {
    this.#context = context;
  }

  /** Builds all stages from the files in `context` that its `.dockerignore` lets pass; the last one's root. */
  static async run(
    stages: readonly Stage[],
    context: string,
  ): Promise<{ folder: string; context: string; root: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'lpr-image-'));
    const build = new StageBuild(await copyContext(context, join(folder, 'context')));
    for (const stage of stages) {
      const name = stage === stages.at(-1) ? '' : (stage.name ?? '');
      build.#roots.set(name, build.#build(stage, join(folder, `stage-${name}`)));
    }
    await Promise.all(build.#roots.values());
    return { folder, context: build.#context, root: await build.#roots.get('')! };
  }

  async #build({ steps, environment }: Stage, root: string): Promise<string> {
    let workdir = root;
    for (const step of steps) {
      switch (step.type) {
        case 'workdir':
          workdir = join(root, step.path);
          await mkdir(workdir, { recursive: true });
          break;
        case 'run':
          await this.#runCommand(step.command, workdir, environment);
          break;
        case 'copy':
          await this.#copy(step, workdir);
          break;
        default:
          step satisfies never;
      }
    }
    return root;
  }

  async #runCommand(command: string, cwd: string, environment: Stage['environment']) {
    // npm's own variables would tell the npm in here about the project that the tests belong to.
    const clean = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_ENV)/i.test(name));
    const env = { ...Object.fromEntries(clean), ...environment };
    await promisify(execFile)('sh', ['-c', command], { cwd, env, maxBuffer: 2 ** 26 });
  }

  async #copy({ from, paths }: Copy, workdir: string): Promise<void> {
    const base = from === undefined ? this.#context : await this.#roots.get(from);
    if (base === undefined) throw new Error(`Expected a stage \`${from}\` further up, got none`);
    const target = paths.at(-1)!;
    for (const path of paths.slice(0, -1)) {
      const source = join(base, path);
      const into = target.endsWith('/') && (await stat(source)).isFile();
      const destination = into ? join(workdir, target, basename(path)) : join(workdir, target);
      await mkdir(dirname(destination), { recursive: true });
      await cp(source, destination, { recursive: true, verbatimSymlinks: true });
    }
  }
}

async function copyContext(context: string, target: string): Promise<string> {
  const patterns = (await readFile(join(context, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  await mkdir(target);
  for (const name of await readdir(context)) {
    const filter = (path: string) => !isIgnored(relative(context, path), patterns);
    if (!filter(join(context, name))) continue;
    await cp(join(context, name), join(target, name), { recursive: true, filter });
  }
  return target;
}

/** As Docker does: the last pattern that matches a path, or a folder around it, decides. */
function isIgnored(path: string, patterns: readonly string[]): boolean {
  let ignored = false;
  for (const pattern of patterns) {
    const exception = pattern.startsWith('!');
    const glob = exception ? pattern.slice(1) : pattern;
    const parts = path.split('/');
    const around = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    if (around.some((folder) => matches(folder, glob))) ignored = !exception;
  }
  return ignored;
}

/** To Docker, a name that begins with a dot is like any other. */
function matches(path: string, glob: string): boolean {
  return matchesGlob(path.replaceAll('.', '·'), glob.replaceAll('.', '·'));
}
