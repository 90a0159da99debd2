import { open as openInspector } from 'node:inspector';
import { firstFree, portInUse } from '../listen.ts';

/** What debuggers look for first. */
const DEFAULT_PORT = 9229;
const HOST = '127.0.0.1';

/**
 * Lets a debugger attach, at the port that was asked for, failing that (`true`) at the default one or the
 * next free one. Node itself would only print that a port is busy, and go on without.
 */
export async function openDebugger(inspect: boolean | number): Promise<void> {
  if (inspect === false) return;
  const asked = inspect === true ? undefined : inspect;
  const port = asked ?? (await firstFree(HOST, DEFAULT_PORT));
  if (asked !== undefined && asked !== 0 && (await firstFree(HOST, asked)) !== asked) {
    throw portInUse(asked, '--inspect');
  }
  openInspector(port, HOST);
}
