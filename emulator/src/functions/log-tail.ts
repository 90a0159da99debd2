import { channels } from './channels.ts';
import type { FunctionLogged, InvocationEnded, InvocationStarted } from './channels.ts';
import { LATEST } from '../runtime/context.ts';

/** How much of the log an answer carries: the last 4 KB. */
const TAIL_BYTES = 4096;

/** The log of one invocation as CloudWatch would show it. */
export interface LogTail {
  /** Its last 4 KB in base64; complete once the invocation is over. */
  toBase64(): string;
  close(): void;
}

/** Follows what is logged for an invocation that is about to begin. */
export function followLog(requestId: string, memoryMb: number): LogTail {
  const lines: string[] = [`START RequestId: ${requestId} Version: ${LATEST}`];
  let initMs: number | undefined;
  const onStarted = (message: unknown): void => {
    const started = message as InvocationStarted;
    if (started.requestId === requestId) initMs = started.initMs;
  };
  const onLogged = (message: unknown): void => {
    const { requestId: id, atMs, level, text } = message as FunctionLogged;
    if (id !== requestId) return;
    lines.push(`${new Date(atMs).toISOString()}\t${requestId}\t${level}\t${text}`);
  };
  const onEnded = (message: unknown): void => {
    const { requestId: id, durationMs, error } = message as InvocationEnded;
    if (id !== requestId) return;
    if (error !== undefined) {
      lines.push(`${new Date().toISOString()}\t${requestId}\tERROR\t${JSON.stringify(error)}`);
    }
    lines.push(`END RequestId: ${requestId}`, report(requestId, durationMs, memoryMb, initMs));
  };
  channels.invocationStarted.subscribe(onStarted);
  channels.logged.subscribe(onLogged);
  channels.invocationEnded.subscribe(onEnded);
  return {
    toBase64() {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      return bytes.subarray(Math.max(0, bytes.byteLength - TAIL_BYTES)).toString('base64');
    },
    close() {
      channels.invocationStarted.unsubscribe(onStarted);
      channels.logged.unsubscribe(onLogged);
      channels.invocationEnded.unsubscribe(onEnded);
    },
  };
}

function report(
  requestId: string,
  durationMs: number,
  memoryMb: number,
  initMs: number | undefined,
): string {
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    '',
  ].join('\t');
}
