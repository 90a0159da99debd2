import { resolve } from 'node:path';
import { formatProblem, manifestFromObject, parseManifest } from 'lpr-router';
import { expect, test } from 'vitest';
import { checkFunctions } from '../../src/config/functions.ts';

const ROUTES = `
Spec:
  paths:
    /hello/{name}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 10, maxBatchSize: 4 }
`;

function linesOf(text: string): string[] {
  return checkFunctions(parseManifest(text, 'lpr.yaml')).problems.map(formatProblem).toSorted();
}

test('a function has Lambda-like defaults and starts at the folder of the manifest', () => {
  const text = `${ROUTES}\nEmulator: { Functions: { hello: { Handler: src/app.handler } } }`;
  const checked = checkFunctions(parseManifest(text, 'deploy/lpr.yaml'));
  expect(checked.problems).toEqual([]);
  expect(checked.functions).toEqual([
    {
      name: 'hello',
      baseDirectory: resolve('deploy'),
      handler: { text: 'src/app.handler', modulePath: 'src/app', exportPath: ['handler'] },
      isolation: 'in-process',
      timeoutSeconds: 30,
      memoryMb: 128,
      environment: {},
    },
  ]);
});

test('every setting is taken over, numbers also as text', () => {
  const hello = {
    Handler: 'app.a.b',
    Timeout: '3',
    MemorySize: 1024,
    Environment: { TABLE: '' },
    EventInvokeConfig: { MaximumEventAgeInSeconds: '600', RetrySeconds: 1 },
  };
  const { functions } = checkFunctions(manifestFromObject({ Emulator: { Functions: { hello } } }));
  expect(functions).toMatchObject([
    {
      timeoutSeconds: 3,
      memoryMb: 1024,
      environment: { TABLE: '' },
      handler: { exportPath: ['a', 'b'] },
      eventRetries: { maxAgeMs: 600_000, maxRetries: 2, retryMs: 1000 },
    },
  ]);
});

test('all mistakes are told at once, each at its place', () => {
  const text = `${ROUTES}
Emulator:
  Functoins: {}
  Functions:
    hello:
      Handler: ../app.handler
      Timeout: 0
      MemorySize: 64.5
      Memory: 128
      Environment:
        PORT: 80
        AWS_REGION: eu-west-1
        1X: a
    bad name: { Handler: app }
    empty: {}
`;
  expect(linesOf(text)).toEqual([
    'lpr.yaml:10:3: Emulator.Functoins: expected a known key, got `Functoins`; did you mean `Functions`?',
    "lpr.yaml:13:16: Emulator.Functions.hello.Handler: expected `FILE.EXPORT` below the manifest's folder, such as `src/app.handler`, got `../app.handler` (string)",
    'lpr.yaml:14:16: Emulator.Functions.hello.Timeout: expected an integer from 1 to 900, got `0` (number)',
    'lpr.yaml:15:19: Emulator.Functions.hello.MemorySize: expected an integer from 128 to 10240, got `64.5` (number)',
    'lpr.yaml:16:7: Emulator.Functions.hello.Memory: expected a known key, got `Memory`; did you mean `MemorySize`?',
    'lpr.yaml:18:15: Emulator.Functions.hello.Environment.PORT: expected a text (quote numbers, `true` and `false`), got `80` (number)',
    'lpr.yaml:19:9: Emulator.Functions.hello.Environment.AWS_REGION: expected a name that Lambda does not reserve, got `AWS_REGION`',
    'lpr.yaml:20:9: Emulator.Functions.hello.Environment.1X: expected a name of at least two letters, digits and `_` that begins with a letter, got `1X`',
    "lpr.yaml:21:26: Emulator.Functions.bad name.Handler: expected `FILE.EXPORT` below the manifest's folder, such as `src/app.handler`, got `app` (string)",
    'lpr.yaml:21:5: Emulator.Functions.bad name: expected a name of at most 64 letters, digits, `-` and `_`, got `bad name`',
    "lpr.yaml:22:5: Emulator.Functions.empty.Handler: expected `FILE.EXPORT` below the manifest's folder, such as `src/app.handler`, got nothing",
  ]);
});

test('a target without an entry is told at the target, with the nearest name', () => {
  expect(linesOf(`${ROUTES}\nEmulator: { Functions: { helo: { Handler: app.handler } } }`)).toEqual(
    [
      'lpr.yaml:6:26: Spec.paths./hello/{name}.get.x-target-lambda: expected a function with an entry in `Emulator.Functions`, got `hello`; did you mean `helo`?',
    ],
  );
  expect(linesOf(ROUTES)).toHaveLength(1);
});

test('a target that is no ARN is left to the router', () => {
  expect(linesOf(ROUTES.replace('arn:aws', 'nra:aws'))).toEqual([]);
});

test('variables on which functions disagree move the second one to a worker, with a warning there', () => {
  const text = `
Emulator:
  Functions:
    a: { Handler: app.a, Environment: { TABLE: one, SAME: x } }
    b: { Handler: app.b, Environment: { TABLE: one, SAME: x } }
    c:
      Handler: app.c
      Environment:
        TABLE: two
`;
  const { problems, warnings } = checkFunctions(parseManifest(text, 'lpr.yaml'));
  expect(problems).toEqual([]);
  expect(warnings.map(formatProblem)).toEqual([
    'lpr.yaml:9:16: Emulator.Functions.c.Environment.TABLE: expected the value that `a` has, to share its process, got another, so `c` runs with `Isolation: worker`',
  ]);
});
