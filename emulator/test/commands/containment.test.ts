import { expect, test } from 'vitest';
import { startListening } from '../support/program.ts';
import { createProject } from '../support/project.ts';

const ANSWER = `({ v: 1, responses: event.batch.map(({ requestContext }) => ({ id: requestContext.requestId, statusCode: 200 })) })`;

const CRASHES = [
  ['a throw', 'throw new RangeError("now");', /hello: RangeError: now/],
  [
    'a throw in a timer',
    'setTimeout(() => { throw new RangeError("timer"); }); await new Promise(() => {});',
    /hello: RangeError: timer/,
  ],
  [
    'an unhandled rejection',
    'void Promise.reject(new Error("nobody")); await new Promise(() => {});',
    /hello: .*nobody/,
  ],
  [
    '`process.exit`',
    'process.exit(7);',
    /hello: Runtime\.ExitError: RequestId: b-\S+ Error: Runtime exited with error: exit status 7/,
  ],
  [
    '`exit` of `node:process`',
    'const { exit } = await import("node:process"); exit(8);',
    /hello: Runtime\.ExitError: .*exit status 8/,
  ],
] as const;

const MANIFEST = `
Spec:
  paths:
    /{what}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 1, maxBatchSize: 1 }
Emulator: { Functions: { hello: { Handler: app.handler, Timeout: 1 } } }
`;

async function start(code: string) {
  const { directory } = await createProject({ 'lpr.yaml': MANIFEST, 'app.ts': code });
  return startListening([], { cwd: directory });
}

test.for(CRASHES)(
  '%s of a function in the process is an error of its invocation, and the next one works',
  async ([, code, line]) => {
    const { url, waitFor, signal, ended } = await start(`
      export const handler = async (event) => {
        if (event.batch[0].rawPath === '/bad') { ${code} }
        return ${ANSWER};
      };`);
    const bad = await fetch(`${url}/bad`);
    expect([bad.status, await bad.json()]).toMatchObject([502, { code: 'LPR_FUNCTION_ERROR' }]);
    await waitFor(line);
    expect((await fetch(`${url}/good`)).status).toBe(200);
    signal('SIGINT');
    expect(await ended).toBe(0);
  },
);

test('late throws, rejections and exits are told with the invocation that caused them', async () => {
  const { url, waitFor, signal, ended } = await start(`
    export const handler = async (event) => {
      setTimeout(() => {
        if (event.batch[0].rawPath === '/throw') throw new Error('too late');
        if (event.batch[0].rawPath === '/reject') Promise.reject(new Error('nobody cares'));
        if (event.batch[0].rawPath === '/exit') process.exit(4);
      }, 30);
      return ${ANSWER};
    };`);
  for (const [path, line] of [
    ['throw', /hello: after invocation (\S+) was over: Error: too late/],
    ['reject', /hello: after invocation (\S+) was over: .*nobody cares/],
    ['exit', /hello: after invocation (\S+) was over: Runtime\.ExitError: .*exit status 4/],
  ] as const) {
    expect((await fetch(`${url}/${path}`)).status).toBe(200);
    expect((await waitFor(line))[1]).toMatch(/^b-[\da-f-]+$/);
  }
  signal('SIGINT');
  expect(await ended).toBe(0);
});

test('the watchdog knows of a `Timeout` that was edited', async () => {
  const { directory, write } = await createProject({
    'lpr.yaml': MANIFEST,
    'app.ts': `export const handler = async (event) => {
      const endsAt = Date.now() + 2500;
      while (Date.now() < endsAt);
      return ${ANSWER};
    };`,
  });
  const { url, waitFor } = await startListening([], { cwd: directory });
  await write('lpr.yaml', MANIFEST.replace('Timeout: 1', 'Timeout: 20'));
  await waitFor(/^Reloaded everything/m);
  expect((await fetch(`${url}/x`)).status).toBe(200);
});

test('an endless loop is told by the watchdog with its place and the way out, and exits with 1', async () => {
  const { url, stderr, ended } = await start(
    `export const handler = async (event) => {
  for (;;) Math.random();
};`,
  );
  const answer = fetch(`${url}/x`).catch(() => 'broken');
  expect(await ended).toBe(1);
  expect(await answer).toBe('broken');
  expect(stderr()).toMatch(
    /The event loop has stood still for 2 s, in `hello` \(.*app\.ts:2:\d+\).*`Isolation: worker`/,
  );
});
