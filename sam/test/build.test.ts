import { globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator } from 'lpr-emulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runPython } from './support/python-program.ts';
import { SAM } from './support/templates.ts';
import { startVisitsTable } from './support/visits-table.ts';
import type { VisitsTable } from './support/visits-table.ts';

// Below the repository, where the AWS SDK is found, as it is in Lambda.
const output = join(SAM, '.aws-sam', 'test');
let table: VisitsTable;

beforeAll(async () => {
  table = await startVisitsTable('Visits');
  for (const [name, value] of Object.entries(table.environment)) vi.stubEnv(name, value);
  await table.write({ ada: 7 });
  const args = ['build', '--build-dir', output, '--region', 'us-east-1'];
  const { code, output: told } = await runPython('aws-sam-cli==1.*', 'sam', args, { cwd: SAM });
  expect(told).toContain('Build Succeeded');
  expect(code).toBe(0);
}, 120_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await table[Symbol.asyncDispose]();
  rmSync(output, { recursive: true, force: true });
});

describe('`sam build`', () => {
  it('makes packages that answer as the sources do', async () => {
    await using emulator = await startEmulator({
      template: join(output, 'template.yaml'),
      port: 0,
    });
    for (const route of ['buffered', 'streaming', 'dynamic', 'adapter', 'mode-a/node']) {
      const response = await emulator.fetch(`/${route}/ada`);
      expect(await response.json(), route).toEqual({ page: 'ada', visits: 7 });
    }
  });

  it('makes packages of a few kilobytes', () => {
    const bundles = globSync('*/src/*.mjs', { cwd: output });
    expect(bundles).toHaveLength(6 * 5);
    const sizes = bundles.map((bundle) => statSync(join(output, bundle)).size);
    expect(Math.max(...sizes)).toBeLessThan(30_000);
  });

  it('takes the nested stacks along', () => {
    expect(globSync('*/template.yaml', { cwd: output }).toSorted()).toEqual([
      'AppRunnerRouter/template.yaml',
      'Bootstrap/template.yaml',
      'ExpressRouter/template.yaml',
      'FargateRouter/template.yaml',
      'Network/template.yaml',
    ]);
  });
});
