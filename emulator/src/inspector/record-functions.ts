import type { Channel } from 'node:diagnostics_channel';
import { channels } from '../functions/channels.ts';
import type {
  EnvironmentEnded,
  EnvironmentStarted,
  FunctionLogged,
  InvocationEnded,
  InvocationStarted,
  InvocationWarned,
  LateFailure,
} from '../functions/channels.ts';
import type { Recording } from './recording.ts';

/** Of a line of a function's log that is kept, in characters. */
const MAX_LINE = 4096;
/** Of the warnings of an invocation. */
const MAX_WARNINGS = 50;

/**
 * Records what functions (by name) tell of themselves, and of the invocations that are in the recording;
 * returns what stops it.
 */
export function recordFunctions(
  recording: Recording,
  isOwn: (functionName: string) => boolean,
): () => void {
  const { environments } = recording;
  // An ended invocation does not say where it ran.
  const places = new Map<string, number>();

  const warn = (requestId: string, text: string): void => {
    recording.changeBatch(requestId, ({ warnings }) => {
      if (warnings.length >= MAX_WARNINGS) return undefined;
      warnings.push(text);
      return {};
    });
  };
  const stops = [
    listen(
      channels.environmentStarted,
      ({ functionName, environment: id, initMs }: EnvironmentStarted) => {
        if (!isOwn(functionName)) return;
        const startedAtMs = Date.now() - initMs;
        const fresh = { id, functionName, startedAtMs, initMs, invocations: 0, running: 0 };
        recording.changeEnvironment(id, fresh);
      },
    ),
    listen(channels.environmentEnded, ({ environment: id }: EnvironmentEnded) => {
      const environment = environments.get(id);
      if (environment) recording.changeEnvironment(id, { ...environment, ended: true });
    }),
    listen(
      channels.invocationStarted,
      ({ requestId, environment: id, cold, initMs }: InvocationStarted) => {
        recording.changeBatch(requestId, () => ({
          environment: id,
          cold,
          ...(initMs === undefined ? {} : { initMs }),
        }));
        const environment = environments.get(id);
        if (environment === undefined) return;
        places.set(requestId, id);
        recording.changeEnvironment(id, {
          ...environment,
          invocations: environment.invocations + 1,
          running: environment.running + 1,
          lastUsedAtMs: Date.now(),
        });
      },
    ),
    listen(channels.invocationEnded, ({ requestId, error }: InvocationEnded) => {
      recording.changeBatch(requestId, (batch) => {
        batch.error = error;
        // The router tells when a batch is settled; nobody tells of others.
        if (batch.summary.source === 'router') return error && {};
        const durationMs = Date.now() - batch.summary.releasedAtMs;
        return { durationMs, ...(error === undefined ? {} : { failure: error.errorType }) };
      });
      const id = places.get(requestId);
      places.delete(requestId);
      const environment = id === undefined ? undefined : environments.get(id);
      if (environment === undefined) return;
      const running = environment.running - 1;
      recording.changeEnvironment(environment.id, {
        ...environment,
        running,
        lastUsedAtMs: Date.now(),
      });
    }),
    listen(channels.logged, ({ requestId, atMs, level, text }: FunctionLogged) => {
      recording.addLog(requestId, { atMs, level, text: text.slice(0, MAX_LINE) });
    }),
    listen(channels.invocationWarned, ({ requestId, text }: InvocationWarned) =>
      warn(requestId, text),
    ),
    listen(channels.lateFailure, ({ requestId, error }: LateFailure) =>
      warn(requestId, `After the end: ${error.errorType}: ${error.errorMessage}`),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function listen(channel: Channel, listener: (message: never) => void): () => void {
  const onMessage = (message: unknown): void => listener(message as never);
  channel.subscribe(onMessage);
  return () => channel.unsubscribe(onMessage);
}
