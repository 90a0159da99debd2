import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

// Reads `+ TARGET`, `- TARGET` and `! TARGET`; the end of its input is the end of whoever started it.
// A process is stopped before its children are looked for, so that it starts no others meanwhile.
const SCRIPT = `
trap '' HUP INT TERM
parents() {
  if [ ! -r /proc/self/stat ]; then
    ps -A -o pid= -o ppid=
    return
  fi
  for file in /proc/[0-9]*/stat; do
    read -r line <"$file" && set -- \${line##*) } && echo "\${line%% *} $2"
  done
}
destroy() {
  case $1 in (-*) kill -s KILL -- "$1"; return ;; esac
  all=$1
  next=$1
  while [ -n "$next" ]; do
    kill -s STOP $next
    next=$(parents | while read -r pid parent; do
      case " $next " in (*" $parent "*) printf '%s ' "$pid" ;; esac
    done)
    all="$all $next"
  done
  kill -s KILL $all
}
kept=
while read -r sign target; do
  case $sign in
    (+) kept="$kept $target" ;;
    (!) destroy "$target" ;;
    (-)
      rest=
      for each in $kept; do [ "$each" = "$target" ] || rest="$rest $each"; done
      kept=$rest
      ;;
  esac
done
for each in $kept; do destroy "$each"; done
`;

/** A process that does not outlive this one. */
export interface GuardedProcess {
  readonly child: ChildProcess;
  /** Signals it, with its group if it is detached, as long as it runs. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** Kills it and what it has started: its group if it is detached, failing that its descendants. */
  readonly kill: () => void;
  /** To be called when it has ended: its id may then be another one's. */
  readonly release: () => void;
}

let guard: ChildProcess | undefined;
let held = 0;

/**
 * Starts a process that is killed, with what it has started, should this one be killed before it can do so
 * itself. A shell waits for that, as long as there is anything to guard.
 */
export function spawnGuarded(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): GuardedProcess {
  const watching = (guard ??= start());
  const { stdin } = watching;
  const child = spawn(program, args, options);
  const { pid } = child;
  if (pid === undefined) {
    const nothing = (): void => undefined;
    return { child, signal: nothing, kill: nothing, release: nothing };
  }
  const target = options.detached === true ? -pid : pid;
  stdin?.write(`+ ${target}\n`);
  held += 1;
  let released = false;
  const signal = (name: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(target, name);
  };
  return {
    child,
    signal,
    kill() {
      if (watching.pid === undefined) signal('SIGKILL');
      else if (!released) stdin?.write(`! ${target}\n`);
    },
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
