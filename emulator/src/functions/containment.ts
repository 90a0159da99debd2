import { syncBuiltinESMExports } from 'node:module';
import { captureOutput } from '../runtime/capture-output.ts';
import { exited, toErrorPayload, unhandled } from '../runtime/errors.ts';
import { Scope } from './scope.ts';

/** Thrown where a handler calls `process.exit`, which never returns. */
class ExitSignal extends Error {
  override readonly name = 'ExitSignal';
}

let holders = 0;
let release: () => void = () => undefined;

/**
 * Keeps this process alive when a function's code throws late, leaves a rejection unhandled, or calls
 * `process.exit`: its scope crashes instead. What it writes to the console is its scope's. Everybody else's errors go where they would go without
 * this. Returns what ends it, when the last of those who asked for it has called theirs.
 */
export function contain(): () => void {
  holders += 1;
  if (holders === 1) release = install();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    holders -= 1;
    if (holders === 0) release();
  };
}

function install(): () => void {
  const emit: typeof process.emit = Reflect.get(process, 'emit');
  const exit: typeof process.exit = Reflect.get(process, 'exit');
  // Listeners would see, and have to answer for, the errors of others too.
  process.emit = function (this: unknown, event: string | symbol, ...args: unknown[]): boolean {
    const scope = Scope.current();
    if (scope !== undefined && crashed(scope, event, args[0])) return true;
    return Reflect.apply(emit, process, [event, ...args]) as boolean;
  } as typeof process.emit;
  process.exit = (code?: number | string | null) => {
    const scope = Scope.current();
    if (scope === undefined) return Reflect.apply(exit, process, [code]);
    scope.crash(exited(scope.requestId, Number(code ?? process.exitCode ?? 0)));
    throw new ExitSignal(`\`process.exit\` was called by \`${scope.functionName}\``);
  };
  // For `import { exit } from 'node:process'`.
  syncBuiltinESMExports();
  const stopCapture = captureOutput((level, text) => Scope.current()?.log(level, text) ?? false);
  return () => {
    stopCapture();
    process.emit = emit;
    process.exit = exit;
    syncBuiltinESMExports();
  };
}

function crashed(scope: Scope, event: string | symbol, reason: unknown): boolean {
  if (event !== 'uncaughtException' && event !== 'unhandledRejection') return false;
  if (reason instanceof ExitSignal) return true;
  scope.crash(event === 'uncaughtException' ? toErrorPayload(reason) : unhandled(reason));
  return true;
}
