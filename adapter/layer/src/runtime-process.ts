import { readFileSync } from 'node:fs';

/** How often and how many times a process is looked at after one of its connections has gone. */
const INTERVAL_MS = 20;
const LOOKS = 50;

/**
 * Watches the runtime's process, whose id the wrapper tells: `exec` keeps it. Where that id cannot be seen
 * from here, nothing is concluded from it.
 */
export class RuntimeProcess {
  readonly #onGone: () => void;
  #pid: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onGone: () => void) {
    this.#onGone = onGone;
  }

  /** The runtime that starts now. */
  announce(pid: number): void {
    this.#pid = Number.isSafeInteger(pid) && pid > 1 && isAlive(pid) ? pid : undefined;
  }

  /** A connection has gone; perhaps the process is about to. */
  suspect(): void {
    if (this.#pid === undefined) return;
    clearInterval(this.#timer);
    let looks = 0;
    this.#timer = setInterval(() => {
      looks += 1;
      const gone = this.#pid !== undefined && !isAlive(this.#pid);
      if (gone || looks >= LOOKS) clearInterval(this.#timer);
      if (!gone) return;
      this.#pid = undefined;
      this.#onGone();
    }, INTERVAL_MS);
    this.#timer.unref();
  }
}

function isAlive(pid: number): boolean {
  try {
    // Someone else's process is alive, too: only "no such process" is not.
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // `pid (name) state …`; the name may hold anything.
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
