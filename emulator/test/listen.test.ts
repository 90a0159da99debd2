import { expect, test } from 'vitest';
import { listenOn } from '../src/listen.ts';

const CHOICE = { host: '127.0.0.1', port: 80, fallback: 3000, flag: '--port' };

test.for([
  ['EADDRINUSE', 'Port 80 is in use; choose another with `--port`'],
  ['EACCES', 'Port 80 is not yours to use; choose one above 1023 with `--port`'],
  ['ENOTFOUND', 'Expected `--host` to be an address of this machine, got `127.0.0.1` (ENOTFOUND)'],
  ['EMFILE', 'the reason'],
])('an address that cannot be listened on is told with the flag: %s', async ([code, message]) => {
  const reason = Object.assign(new Error('the reason'), { code });
  await expect(listenOn(CHOICE, () => Promise.reject(reason))).rejects.toThrow(message!);
});

test('a default port that somebody takes in between gives way to the next free one', async () => {
  const tried: number[] = [];
  const port = await listenOn({ ...CHOICE, port: undefined, fallback: 39_000 }, async (free) => {
    tried.push(free);
    if (tried.length === 1) throw Object.assign(new Error(), { code: 'EADDRINUSE' });
    return free;
  });
  expect(port).toBeGreaterThan(tried[0]!);
});
