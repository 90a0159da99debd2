import { url as inspectorUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { Scope } from './scope.ts';

const BEAT_MS = 250;
/** Where the watchdog's thread finds the name of the function that blocks this one. */
const CULPRIT = 'lpr-emulator.culprit';

/** When to give up on this thread. */
export interface WatchdogOptions {
  /** How long the event loop may stand still, in ms: the longest `Timeout` of the functions in it. */
  readonly limitMs: number;
}

/** A watchdog at work. */
export interface Watchdog {
  /** See {@link WatchdogOptions.limitMs}; at once. */
  readonly setLimit: (limitMs: number) => void;
  stop(): Promise<void>;
}

// Runs as it is, so that no file has to be found. `connectToMainThread` gets through an endless loop.
const THREAD = `
const { Session } = require('node:inspector');
const { writeSync } = require('node:fs');
const { workerData: { beats, beatMs, culprit } } = require('node:worker_threads');
const counter = new Int32Array(beats);
let seen = -1;
let missed = 0;
const timer = setInterval(() => {
  const beat = Atomics.load(counter, 0);
  missed = beat === seen || Atomics.load(counter, 1) === 1 ? missed + 1 : 0;
  if (beat !== seen || Atomics.load(counter, 1) === 1) missed = 0;
  seen = beat;
  const limit = Atomics.load(counter, 2);
  if (missed * beatMs < limit) return;
  clearInterval(timer);
  // Should the loop not even let the debugger in.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);
  const session = new Session();
  session.connectToMainThread();
  const ask = (expression, then) =>
    session.post('Runtime.evaluate', { expression }, (_error, answer) => then(answer?.result?.value));
  ask("process[Symbol.for('" + culprit + "')]?.()", (about) => {
    const { name = 'a function', place } = JSON.parse(about ?? '{}');
    writeSync(2, 'The event loop has stood still for ' + Math.round(limit / 1000) + ' s, in ' + name +
      (place ? ' (' + place + ')' : '') + '. An endless loop in this process cannot be stopped: ' +
      'run the function with \`Isolation: worker\`.\\n');
    ask("process.emit('exit', 1); process.reallyExit(1)", () => {});
  });
}, beatMs);
`;

/**
 * Watches over this thread from another one. When a function lets the event loop stand still for longer
 * than it may run, that is told with the way out, and the process exits with 1. Not while a debugger may
 * be attached.
 */
export function startWatchdog({ limitMs }: WatchdogOptions): Watchdog {
  const beats = new SharedArrayBuffer(12);
  const counter = new Int32Array(beats);
  const beat = (): void => {
    Atomics.add(counter, 0, 1);
    Atomics.store(counter, 1, inspectorUrl() === undefined ? 0 : 1);
  };
  const setLimit = (nextMs: number): void => void Atomics.store(counter, 2, nextMs);
  beat();
  setLimit(limitMs);
  const timer = setInterval(beat, BEAT_MS).unref();
  Reflect.set(process, Symbol.for(CULPRIT), () => JSON.stringify(describe()));
  const worker = new Worker(THREAD, {
    eval: true,
    execArgv: [],
    workerData: { beats, beatMs: BEAT_MS, culprit: CULPRIT },
  });
  worker.unref();
  return {
    setLimit,
    async stop() {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}

function describe(): { name?: string; place?: string } {
  const name = Scope.current()?.functionName;
  // The frames above are the debugger's and this module's own.
  const place = /\((?<place>[^()]+\.[cm]?[jt]sx?:\d+:\d+)\)/g;
  const frames = [...(new Error().stack ?? '').matchAll(place)].map(
    ({ groups }) => groups?.['place'],
  );
  const found = frames.find(
    (frame) => frame !== undefined && !/lpr-emulator|emulator.dist/.test(frame),
  );
  return {
    ...(name === undefined ? {} : { name: `\`${name}\`` }),
    ...(found === undefined ? {} : { place: found }),
  };
}
