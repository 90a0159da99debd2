import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { VirtualClock } from 'lpr-testkit';
import { stackTarget } from '../src/loadtest/targets/stack-target.ts';
import type { StackSource } from '../src/loadtest/targets/stack-target.ts';
import { startAws } from './loadtest-aws-server.ts';
import type { DeployedStack } from './loadtest-aws-server.ts';

type Metrics = NonNullable<DeployedStack['metrics']>;

const lambda = (more: object = {}) => ({ Type: 'AWS::Lambda::Function', Properties: more });
const publisher = (paths: object) => ({
  Type: 'Custom::LprConfigPublisher',
  Properties: { Spec: { paths } },
});

/** As CloudFormation shows a template of SAM. */
const TEMPLATE = {
  Resources: {
    Manifest: publisher({
      '/buffered/{page}': {
        get: {
          operationId: 'buffered',
          'x-target-lambda': { 'Fn::GetAtt': ['Buffered', 'Arn'] },
          'x-lpr': { maxWaitMs: 20, maxBatchSize: 32 },
        },
      },
      '/alias': {
        post: {
          'x-target-lambda': { 'Fn::Sub': '${Buffered.Arn}:live' },
          'x-lpr': { maxWaitMs: 20, maxBatchSize: 32 },
        },
      },
    }),
    Buffered: lambda({ MemorySize: 512, Architectures: ['arm64'] }),
    Direct: lambda({ MemorySize: { Ref: 'Memory' } }),
    DirectUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Direct' } } },
  },
  Outputs: {
    DirectUrl: { Value: { 'Fn::Sub': '${DirectUrl.FunctionUrl}home' } },
  },
};

const STACK: DeployedStack = {
  name: 'demo',
  outputs: { RouterUrl: 'http://router.example', DirectUrl: 'https://url.example/home' },
  resources: { Buffered: 'demo-Buffered-1', Direct: 'demo-Direct-2', DirectUrl: 'arn:url' },
  template: TEMPLATE,
};

async function target(stack: Partial<DeployedStack> = {}, source: Partial<StackSource> = {}) {
  const url = await startAws({ ...STACK, ...stack });
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', url);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', url);
  const created = await stackTarget({
    stack: 'demo',
    region: 'eu-west-1',
    config: undefined,
    direct: undefined,
    metricsWaitMs: 60_000,
    clock: new VirtualClock(),
    ...source,
  });
  onTestFinished(() => created[Symbol.asyncDispose]());
  return created;
}

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return () => vi.unstubAllEnvs();
});

describe('stack', () => {
  it('has the routes of its template, and its function URL as the baseline', async () => {
    const { routes, description } = await target();
    expect(description).toBe('stack demo');
    expect(routes).toEqual([
      {
        name: 'direct',
        method: 'GET',
        url: 'https://url.example/home',
        direct: true,
        functionName: 'demo-Direct-2',
        // A parameter: not known here.
        memoryMb: undefined,
        architecture: 'x86_64',
      },
      {
        name: 'buffered',
        method: 'GET',
        url: 'http://router.example/buffered/{page}',
        direct: false,
        functionName: 'demo-Buffered-1',
        memoryMb: 512,
        architecture: 'arm64',
      },
      {
        name: 'POST /alias',
        method: 'POST',
        url: 'http://router.example/alias',
        direct: false,
        functionName: 'demo-Buffered-1',
        memoryMb: 512,
        architecture: 'arm64',
      },
    ]);
  });

  it('takes the routes of a manifest, and another baseline, where they are given', async () => {
    const { routes } = await target(
      { outputs: { RouterUrl: 'http://router.example/' } },
      { config: 'examples/hello/lpr.yaml', direct: new URL('https://other.example/') },
    );
    expect(routes.map(({ name, url, functionName }) => [name, url, functionName])).toEqual([
      ['direct', 'https://other.example/', undefined],
      ['hello', 'http://router.example/hello/{name}', 'hello'],
      ['helloStream', 'http://router.example/hello-stream/{name}', 'hello-stream'],
    ]);
  });

  it('has no baseline when it has no function URL', async () => {
    const { routes } = await target({ outputs: { RouterUrl: 'http://router.example' } });
    expect(routes.some(({ direct }) => direct)).toBe(false);
  });

  it.each<[string, Partial<DeployedStack>, string]>([
    [
      'without the output of the router',
      { outputs: { Url: 'http://a' } },
      'Expected an output `RouterUrl` of the stack `demo`, got `Url`: give the router with `--url`',
    ],
    [
      'without a manifest',
      { template: { Resources: { Buffered: lambda() } } },
      "Expected a `Custom::LprConfigPublisher` with the routes in the stack's template, got none",
    ],
    ['with a template in YAML', { template: 'Resources: {}' }, 'Expected a template that CloudF'],
    [
      'with wrong routes',
      { template: { Resources: { Manifest: publisher({ '/a': { get: { 'x-lpr': {} } } }) } } },
      "the stack's template: Spec.paths./a.get.x-target-lambda: expected",
    ],
  ])('is refused %s', async (_title, stack, message) => {
    await expect(target(stack)).rejects.toThrow(message);
  });

  it('without a region asks for one', async () => {
    for (const name of ['AWS_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])
      vi.stubEnv(name, '/none');
    await expect(target({}, { region: undefined })).rejects.toThrow(
      'Expected the region of the stack, by `--region` or in AWS_REGION, got none',
    );
  });

  it('that is not there is what the AWS SDK says', async () => {
    await expect(target({}, { stack: 'other' })).rejects.toThrow(
      'Stack with id other does not exist',
    );
  });
});

describe('durations of functions', () => {
  const complete = {
    'Invocations/demo-Buffered-1': [10, 30],
    'Duration/demo-Buffered-1': [1000, 3400],
    'Invocations/demo-Direct-2': [100],
    'Duration/demo-Direct-2': [5000],
  };
  const NOBODY = new AbortController().signal;

  /** Runs the timers that are set, until the promise settles. */
  async function settle<T>(promise: Promise<T>, clock: VirtualClock): Promise<T> {
    let settled = false;
    const done = promise.finally(() => (settled = true));
    while (!settled) {
      if (clock.nextDueMs !== undefined) clock.advance(clock.nextDueMs - clock.now());
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  }

  it('are waited for until all functions have figures that no longer change', async () => {
    const clock = new VirtualClock();
    const metrics = vi.fn<Metrics>((request) => {
      if (request === 1) return {};
      return request === 2 ? { ...complete, 'Invocations/demo-Direct-2': [40] } : complete;
    });
    const { durations } = await target({ metrics }, { clock, metricsWaitMs: 180_000 });
    expect(await settle(durations!(new Date(), NOBODY), clock)).toEqual(
      new Map([
        ['demo-Direct-2', 50],
        ['demo-Buffered-1', 110],
      ]),
    );
    // The third answer differs from the second, the fourth is like the third.
    expect(metrics).toHaveBeenCalledTimes(4);
  });

  it('are what there is when the time is over', async () => {
    const clock = new VirtualClock();
    const metrics = vi.fn<Metrics>(() => ({
      'Invocations/demo-Direct-2': [1],
      'Duration/demo-Direct-2': [7],
    }));
    const { durations } = await target({ metrics }, { clock, metricsWaitMs: 60_000 });
    expect(await settle(durations!(new Date(), NOBODY), clock)).toEqual(
      new Map([['demo-Direct-2', 7]]),
    );
    expect(metrics).toHaveBeenCalledTimes(5);
  });

  it('are not waited for by who stops', async () => {
    const stop = new AbortController();
    const metrics = vi.fn<Metrics>(() => {
      stop.abort();
      return {};
    });
    const { durations } = await target({ metrics });
    expect(await durations!(new Date(), stop.signal)).toEqual(new Map());
    expect(metrics).toHaveBeenCalledTimes(1);
  });

  it('are not asked for when there is no time for them', async () => {
    const { durations } = await target({}, { metricsWaitMs: 0 });
    expect(durations).toBeUndefined();
  });
});
