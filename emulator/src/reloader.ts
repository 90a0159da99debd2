import { relative } from 'node:path';
import type { Router } from 'lpr-router';
import type { Setup } from './config/setup.ts';
import type { Preparation } from './functions/invocation.ts';
import type { FunctionRegistry } from './functions/registry.ts';
import { unloadable } from './functions/unloadable.ts';
import { findModule } from './runtime/find-module.ts';
import { FileWatch } from './watch/file-watch.ts';

/** What a reload came to. */
export interface Reloaded {
  readonly type: 'reloaded' | 'refused';
  /** What was loaded, or was to be: names of functions, or `everything`. */
  readonly what: string;
  /** The files whose change was the reason, relative to the working directory; none when it was asked for. */
  readonly files: readonly string[];
  readonly durationMs: number;
  /** Why everything stays as it was. */
  readonly errors: readonly string[];
}

export interface ReloaderOptions {
  readonly setup: Setup;
  readonly preparations: ReadonlyMap<string, Preparation>;
  readonly registry: FunctionRegistry;
  readonly router: Pick<Router, 'reload'>;
  readonly readSetup: () => Promise<Setup>;
  readonly onReload: (reloaded: Reloaded) => void;
}

/**
 * Puts edited functions and manifests in force: new requests meet the new generation, old ones end on
 * the old one, and what cannot be loaded changes nothing. Reloads never overlap.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #inputs = new Map<string, readonly string[]>();
  readonly #streaming = new Map<string, boolean>();
  #setup: Setup;
  #watch: FileWatch | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#setup = options.setup;
    this.#learn(options.preparations);
  }

  /** Reloads whatever a changed file belongs to, from now on. */
  async watch(): Promise<void> {
    this.#watch = new FileWatch((files) => void this.reload(files));
    await this.#renew();
  }

  /** Reloads what `files` belong to; everything when there are none. */
  reload(files: readonly string[] = []): Promise<Reloaded> {
    const reloading = this.#queue.then(() => this.#reload(files));
    this.#queue = reloading;
    return reloading;
  }

  async close(): Promise<void> {
    this.#watch?.close();
    await this.#queue;
  }

  async #reload(files: readonly string[]): Promise<Reloaded> {
    const startedAt = performance.now();
    const all = files.length === 0 || files.some((file) => this.#setup.files.includes(file));
    const changed = all ? undefined : this.#owners(files);
    const errors = await this.#replace(changed).catch((error: unknown) => [
      error instanceof Error ? error.message : String(error),
    ]);
    await this.#renew();
    const reloaded: Reloaded = {
      type: errors.length === 0 ? 'reloaded' : 'refused',
      what: changed === undefined ? 'everything' : [...changed].join(', '),
      files: files.map((file) => relative(process.cwd(), file)),
      durationMs: performance.now() - startedAt,
      errors,
    };
    this.#options.onReload(reloaded);
    return reloaded;
  }

  async #replace(changed: ReadonlySet<string> | undefined): Promise<readonly string[]> {
    const { registry, router, readSetup } = this.#options;
    const setup = changed === undefined ? await readSetup() : this.#setup;
    const { replaced, preparations } = await registry.replace(setup.functions, {
      ...setup.options,
      ...(changed === undefined ? {} : { changed }),
    });
    if (replaced) this.#setup = setup;
    const otherwise = this.#setup.lone && this.#answersOtherwise(preparations);
    this.#learn(preparations);
    if (!replaced)
      return unloadable(preparations).map(({ names, reason }) => `${names}: ${reason}`);
    if (changed === undefined) router.reload(setup.config);
    else if (otherwise) await this.#adaptRoutes();
    return [];
  }

  /** Whether a function streams now and did not before, or the other way round. */
  #answersOtherwise(preparations: ReadonlyMap<string, Preparation>): boolean {
    return [...preparations].some(
      ([name, result]) => result.type === 'ready' && result.streaming !== this.#streaming.get(name),
    );
  }

  async #adaptRoutes(): Promise<void> {
    this.#setup = await this.#options.readSetup();
    this.#options.router.reload(this.#setup.config);
  }

  #owners(files: readonly string[]): ReadonlySet<string> {
    const owners = [...this.#inputs].filter(([, inputs]) =>
      inputs.some((input) => files.includes(input)),
    );
    return new Set(owners.map(([name]) => name));
  }

  #learn(preparations: ReadonlyMap<string, Preparation>): void {
    for (const [name, preparation] of preparations) {
      if (preparation.type === 'ready') {
        this.#inputs.set(name, preparation.inputs);
        this.#streaming.set(name, preparation.streaming);
      } else {
        // Besides what made it work before, where it did.
        const before = this.#inputs.get(name) ?? this.#entryOf(name);
        this.#inputs.set(name, [...new Set([...before, ...(preparation.inputs ?? [])])]);
      }
    }
  }

  // A handler that could not be loaded yet may be mended where it begins.
  #entryOf(name: string): readonly string[] {
    const definition = this.#setup.functions.find((candidate) => candidate.name === name);
    if (definition === undefined) return [];
    try {
      return [findModule(definition.baseDirectory, definition.handler)];
    } catch {
      return [];
    }
  }

  async #renew(): Promise<void> {
    await this.#watch?.set([...this.#setup.files, ...[...this.#inputs.values()].flat()]);
  }
}
