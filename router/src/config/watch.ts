import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ContentWatch } from './content-watch.ts';
import { fileFingerprint, parseLocation } from './locate.ts';
import { openS3Object } from './s3-object.ts';

/** How long after a sign of a change to look: editors write a file in several steps. */
const SETTLE_MS = 100;
/** How often to look without a reason: objects in S3 and network file systems give none. */
const POLL_MS = 30_000;

export interface WatchConfigOptions {
  /** How often to look without a sign of a change, in ms; default 30 s. */
  readonly pollMs?: number;
}

/** A watch that is under way. Does not keep the process alive. */
export interface ConfigWatch {
  close(): void;
}

/**
 * Calls `onChange` whenever what is at `location` has become different from what it was when this
 * promise resolved, or from the last call; that it cannot be read any more is a difference, too.
 *
 * @throws ConfigError when `location` is none
 */
export async function watchConfig(
  location: string,
  onChange: () => void,
  { pollMs = POLL_MS }: WatchConfigOptions = {},
): Promise<ConfigWatch> {
  const at = parseLocation(location);
  if (at.type === 's3') {
    const object = await openS3Object(at);
    const fingerprint = () => object.fingerprint();
    const content = new ContentWatch(await fingerprint(), fingerprint, onChange);
    const poll = setInterval(() => void content.look(), pollMs).unref();
    return {
      close() {
        clearInterval(poll);
        content.close();
        object.close();
      },
    };
  }
  const fingerprint = () => fileFingerprint(at.path);
  let settling: NodeJS.Timeout | undefined;
  const folders = new FolderWatch(at.path, () => {
    settling ??= setTimeout(() => void look(), SETTLE_MS).unref();
  });
  // Watching first: what changes before the fingerprint is taken is part of it, what comes later is seen.
  const ready = folders
    .renew()
    .then(fingerprint)
    .then((known) => new ContentWatch(known, fingerprint, onChange));
  const look = async () => {
    settling = undefined;
    await folders.renew();
    await (await ready).look();
  };
  const content = await ready;
  const poll = setInterval(() => void look(), pollMs).unref();
  return {
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      folders.close();
      content.close();
    },
  };
}

/**
 * Watches the folder of a file and, behind symbolic links, that of the file they lead to: editors put a new
 * file in the old one's place, and Kubernetes swaps a link beside it.
 */
class FolderWatch {
  readonly #path: string;
  readonly #onEvent: () => void;
  #watchers: FSWatcher[] = [];
  #closed = false;

  constructor(path: string, onEvent: () => void) {
    this.#path = path;
    this.#onEvent = onEvent;
  }

  /** Begins anew: a link may lead elsewhere by now, and a folder be another of the same name. */
  async renew(): Promise<void> {
    const folders = new Set([dirname(this.#path)]);
    try {
      folders.add(dirname(await realpath(this.#path)));
    } catch {
      // Not there at the moment; its folder tells when it is back.
    }
    const before = this.#watchers;
    this.#watchers = this.#closed ? [] : [...folders].flatMap((folder) => this.#watch(folder));
    for (const watcher of before) watcher.close();
  }

  #watch(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, this.#onEvent);
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      // No such folder, or no more watches to be had: the poll has to do.
      return [];
    }
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.close();
  }
}
