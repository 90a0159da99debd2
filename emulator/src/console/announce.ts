import { formatProblem } from 'lpr-router';
import type { Emulator } from '../emulator.ts';
import { unloadable } from '../functions/unloadable.ts';
import type { Reloaded } from '../reloader.ts';
import type { Print } from './console.ts';
import { describeReload } from './describe-reload.ts';
import { curlLine, routeTable } from './route-table.ts';

/** Prints what has been started: what is not as in Lambda, the routes, and where they are. */
export function announce(emulator: Emulator, print: Print): void {
  const { router, host, url, lambdaUrl, inspectorUrl } = emulator;
  for (const warning of emulator.warnings) print('warn', `Warning: ${formatProblem(warning)}`);
  for (const { names, reason } of unloadable(emulator.preparations)) {
    print('warn', `Warning: ${names} cannot be loaded yet: ${reason}`);
  }
  if (!isLoopback(host)) {
    const shown = inspectorUrl === undefined ? '' : ', and shows them all requests';
    print(
      'warn',
      `Warning: other machines can reach this emulator: it runs what they ask for without a signature${shown}`,
    );
  }
  for (const line of routeTable(router.config)) print('info', line);
  print('info', `\nListening at ${url}, Lambda API at ${lambdaUrl}`, { url, lambdaUrl });
  if (inspectorUrl !== undefined) print('info', `Inspector at ${inspectorUrl}`, { inspectorUrl });
  const curl = curlLine(router.config, url);
  if (curl !== undefined) print('info', `Try: ${curl}\n`);
}

/** Prints what a reload came to, and how long it took. */
export function announceReload(reloaded: Reloaded, print: Print): void {
  const { type, what, files, durationMs } = reloaded;
  if (type === 'reloaded') print('info', describeReload(reloaded), { what, files, durationMs });
  else print('error', describeReload(reloaded), { what, files });
}

function isLoopback(host: string): boolean {
  return /^(?:127\.|::1$|localhost$)/.test(host);
}
