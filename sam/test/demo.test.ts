import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import type { Emulator } from 'lpr-emulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startVisitsTable } from './support/visits-table.ts';
import type { VisitsTable } from './support/visits-table.ts';
import { inline, readTemplate } from './support/templates.ts';
import type { Section } from './support/templates.ts';

const template = fileURLToPath(new URL('../template.yaml', import.meta.url));
let table: VisitsTable;
let emulator: Emulator;

beforeAll(async () => {
  // The template names no table, so its logical id stands for the name.
  table = await startVisitsTable('Visits');
  for (const [name, value] of Object.entries(table.environment)) vi.stubEnv(name, value);
  await table.write({ ada: 7, grace: 11 });
  emulator = await startEmulator({ template, port: 0 });
});

afterAll(async () => {
  await emulator.close();
  vi.unstubAllEnvs();
  await table[Symbol.asyncDispose]();
});

async function get(path: string): Promise<unknown> {
  const response = await emulator.fetch(path);
  expect(response.status, path).toBe(200);
  return response.json();
}

describe('the demo stack on this machine', () => {
  it.each(['buffered', 'streaming', 'dynamic', 'adapter', 'mode-a/node'])(
    '%s answers from the table',
    async (route) => {
      const pages = ['ada', 'nobody', 'grace'];
      const answers = await Promise.all(pages.map((page) => get(`/${route}/${page}`)));
      expect(answers).toEqual([
        { page: 'ada', visits: 7 },
        { page: 'nobody', visits: 0 },
        { page: 'grace', visits: 11 },
      ]);
      const sizes = emulator.batches().filter((batch) => batch.route === `/${route}/{page}`);
      expect(Math.max(...sizes.map(({ size }) => size))).toBeGreaterThan(1);
    },
  );

  it('mode A answers for Python', async () => {
    expect(await get('/mode-a/python/ada')).toMatchObject({
      page: 'ada',
      python: expect.stringMatching(/^3\./),
    });
  });

  it('visits are counted', async () => {
    // One after the other: moto, unlike DynamoDB, counts two at once as one.
    for (const visits of [1, 2]) {
      const response = await emulator.fetch('/adapter/new', { method: 'POST' });
      expect(await response.json()).toEqual({ page: 'new', visits });
    }
    expect(await get('/buffered/new')).toEqual({ page: 'new', visits: 2 });
  });

  it('events are streamed', async () => {
    const response = await emulator.fetch('/sse/ada?events=2&delayMs=1');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe(
      'id: 1\ndata: {"page":"ada","tick":1}\n\nid: 2\ndata: {"page":"ada","tick":2}\n\n',
    );
  });

  it('has nothing else that a local run cannot know', () => {
    const got = emulator.warnings.map((warning) => warning.got);
    // The functions ask for Node.js 24.
    const { node } = process.versions;
    const other = node.startsWith('24.') ? [] : [node];
    expect(got).toEqual(['a reference to `Visits`, for which its name stands', ...other]);
  });
});

describe('the demo stack', () => {
  it.each([
    ['fargate', 50],
    ['express', 30],
    ['app-runner', 30],
  ])('on %s a task drains within the %i s that it has', (hosting, seconds) => {
    const { Mappings } = readTemplate('template.yaml');
    const drain = Mappings!['Drain'] as Record<string, { DelayMs: number; TimeoutMs: number }>;
    const { DelayMs, TimeoutMs } = drain[hosting]!;
    expect(DelayMs + TimeoutMs + 5000).toBeLessThanOrEqual(seconds * 1000);
  });

  const { Resources, Outputs } = readTemplate('template.yaml');
  const { Spec } = Resources['Manifest']!.Properties as { Spec: { paths: Section } };
  const operations = Object.values(Spec.paths).flatMap((methods) =>
    Object.values(methods as Section),
  ) as Section[];
  const targets = [...new Set(operations.map((target) => inline(target['x-target-lambda'])))];

  it.each(['FargateRouter', 'ExpressRouter', 'AppRunnerRouter'])(
    'lets the %s invoke what the manifest names, and no more',
    (name) => {
      const { FunctionArns } = Resources[name]!.Properties['Parameters'] as Section;
      const [separator, arns] = (FunctionArns as Section)['Fn::Join'] as [string, unknown[]];
      expect(separator).toBe(',');
      expect(arns.map(inline).toSorted()).toEqual(targets.toSorted());
    },
  );

  it('passes each router only parameters that it has', () => {
    const nested = Object.values(Resources).filter(
      ({ Type }) => Type === 'AWS::Serverless::Application',
    );
    expect(nested).toHaveLength(5);
    for (const { Properties } of nested) {
      const { Parameters } = readTemplate(Properties['Location'] as string);
      const given = Object.keys((Properties['Parameters'] as Section | undefined) ?? {});
      expect(Object.keys(Parameters ?? {})).toEqual(expect.arrayContaining(given));
      const wanted = Object.entries(Parameters ?? {})
        .filter(([, parameter]) => !('Default' in parameter))
        .map(([parameter]) => parameter);
      expect(given).toEqual(expect.arrayContaining(wanted));
    }
  });

  it('runs images for ARM64 on Fargate, and refuses them elsewhere', () => {
    const { Parameters, Rules } = readTemplate('template.yaml');
    const fargate = Resources['FargateRouter']!.Properties['Parameters'] as Section;
    expect(fargate['Architecture']).toEqual({ Ref: 'Architecture' });
    const { Description: _, ...known } =
      readTemplate('router/fargate.yaml').Parameters!['Architecture']!;
    expect(Parameters!['Architecture']).toMatchObject(known);
    expect(Rules!['ArmOnFargateOnly']).toMatchObject({
      RuleCondition: { 'Fn::Equals': [{ Ref: 'Architecture' }, 'ARM64'] },
      Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Hosting' }, 'fargate'] } }],
    });
  });

  it('refers only to outputs that nested stacks have', () => {
    const text = JSON.stringify([Resources, Outputs]);
    const references = [...text.matchAll(/(?<stack>\w+)\.Outputs\.(?<output>\w+)/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const { groups } of references) {
      const location = Resources[groups!['stack']!]!.Properties['Location'] as string;
      expect(Object.keys(readTemplate(location).Outputs ?? {})).toContain(groups!['output']);
    }
  });

  it('takes the client’s address from the load balancer, and keeps callers’ secrets from functions', () => {
    const { RouterConfig } = Resources['Manifest']!.Properties;
    expect(RouterConfig).toMatchObject({
      TrustedProxies: 1,
      ForwardHeaders: { Deny: ['authorization', 'cookie'] },
    });
  });

  it('has a URL for each way of batching, and for the function without a router', () => {
    expect(Object.keys(Outputs!).filter((name) => name.endsWith('Url'))).toEqual([
      'RouterUrl',
      'BufferedUrl',
      'StreamingUrl',
      'DynamicUrl',
      'AdapterUrl',
      'SseUrl',
      'ModeANodeUrl',
      'ModeAPythonUrl',
      'DirectUrl',
    ]);
  });
});
