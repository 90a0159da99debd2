import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How long after a sign of a change to look: editors write a file in several steps. */
const SETTLE_MS = 20;

/**
 * Tells which of a set of files have another content than before, that they are gone included. It
 * watches their folders, because editors put a new file in the old one's place.
 */
export class FileWatch {
  readonly #onChange: (files: readonly string[]) => void;
  readonly #folders = new Map<string, FSWatcher>();
  #known = new Map<string, string>();
  readonly #touched = new Set<string>();
  #settling: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(onChange: (files: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  /** Watches these files (absolute paths) and no others. What changes before it resolves may be missed. */
  async set(files: Iterable<string>): Promise<void> {
    const wanted = [...new Set(files)];
    const fingerprints = await Promise.all(
      wanted.map(
        async (file) => [file, this.#known.get(file) ?? (await fingerprint(file))] as const,
      ),
    );
    if (this.#closed) return;
    this.#known = new Map(fingerprints);
    const folders = new Set(wanted.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of folders) if (!this.#folders.has(folder)) this.#watch(folder);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        this.#touch(folder, name);
      });
      watcher.on('error', () => {
        watcher.close();
        this.#folders.delete(folder);
      });
      this.#folders.set(folder, watcher);
    } catch {
      // No such folder at the moment; the next reload tries again.
    }
  }

  #touch(folder: string, name: string | null): void {
    for (const file of this.#known.keys()) {
      if (name === null ? dirname(file) === folder : file === join(folder, basename(name))) {
        this.#touched.add(file);
      }
    }
    if (this.#touched.size > 0) {
      this.#settling ??= setTimeout(() => void this.#look(), SETTLE_MS).unref();
    }
  }

  async #look(): Promise<void> {
    this.#settling = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    const changed: string[] = [];
    for (const file of touched) {
      const found = await fingerprint(file);
      if (found === this.#known.get(file)) continue;
      this.#known.set(file, found);
      changed.push(file);
    }
    if (changed.length > 0 && !this.#closed) this.#onChange(changed);
  }
}

async function fingerprint(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('base64');
  } catch {
    return 'unreadable';
  }
}
