import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

// Reads `+ TARGET` and `- TARGET`; the end of its input is the end of whoever started it.
const SCRIPT = `
trap '' HUP INT TERM
kept=
while read -r sign target; do
  if [ "$sign" = + ]; then
    kept="$kept $target"
  else
    rest=
    for each in $kept; do [ "$each" = "$target" ] || rest="$rest $each"; done
    kept=$rest
  fi
done
for each in $kept; do kill -s KILL -- "$each"; done
`;

/** A process that does not outlive this one. */
export interface GuardedProcess {
  readonly child: ChildProcess;
  /** To be called when it has ended: its id may then be another one's. */
  readonly release: () => void;
}

let guard: ChildProcess | undefined;
let held = 0;

/**
 * Starts a process that is killed, with its group if it is detached, should this one be killed before it
 * can do so itself. A shell waits for that, as long as there is anything to guard.
 */
export function spawnGuarded(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): GuardedProcess {
  const { stdin } = (guard ??= start());
  const child = spawn(program, args, options);
  const { pid } = child;
  if (pid === undefined) return { child, release: () => undefined };
  const target = options.detached === true ? -pid : pid;
  stdin?.write(`+ ${target}\n`);
  held += 1;
  let released = false;
  return {
    child,
    release() {
      if (released) return;
      released = true;
      held -= 1;
      stdin?.write(`- ${target}\n`);
      if (held > 0) return;
      stdin?.end();
      guard = undefined;
    },
  };
}

function start(): ChildProcess {
  // A session of its own: what ends this process's group must not end it.
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell nothing is guarded, and everything else works.
  child.once('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return child;
}
