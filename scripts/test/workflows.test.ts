import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../release/packages.ts';
import { SETTINGS } from '../release/plan.ts';

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (name: string) => readFileSync(join(root, '.github', 'workflows', name), 'utf8');
const workflow = (name: string) => parse(text(name)) as Workflow;

/** The jobs that are given a right to write. */
function writersOf({ jobs }: Workflow): Record<string, string[]> {
  const writers: Record<string, string[]> = {};
  for (const [name, { permissions = {} }] of Object.entries(jobs)) {
    for (const [right, level] of Object.entries(permissions)) {
      if (level === 'write') (writers[right] ??= []).push(name);
    }
  }
  return writers;
}

describe.each(['ci.yml', 'release.yml'])('%s', (name) => {
  const { permissions, jobs } = workflow(name);

  it('gives nothing by default, ends in time, and has one job that stands for all others', () => {
    expect(permissions).toEqual({});
    const { required, ...others } = jobs;
    expect([required!.needs].flat()).toEqual(Object.keys(others));
    for (const [name, job] of Object.entries(jobs)) {
      expect(job.permissions, name).toBeDefined();
      // A job that is another workflow has the times of that one's jobs.
      expect(job.uses ?? job['timeout-minutes'], name).toBeDefined();
    }
  });
});

describe('release.yml', () => {
  it('gives each right to write only to the jobs that use it', () => {
    expect(writersOf(workflow('release.yml'))).toEqual({
      contents: ['version', 'github'],
      'pull-requests': ['version'],
      'id-token': ['npm', 'image', 'application', 'github'],
      attestations: ['github'],
    });
  });

  it('runs nothing that npm installed where npm or AWS trust it', () => {
    const { jobs } = workflow('release.yml');
    const trusted = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token']);
    const installing = trusted.filter(([, { steps = [] }]) =>
      steps.some(({ run = '' }) => /npm (ci|i|install|run)\b|npx/.test(run)),
    );
    expect(installing).toEqual([]);
    expect(jobs['npm']!.environment).toBe('npm');
  });

  it('gives the plan every setting that it asks for', () => {
    const yaml = text('release.yml');
    for (const name of SETTINGS) expect(yaml).toContain(`${name}: \${{ vars.${name} }}`);
  });

  it('names files that are there', () => {
    const runs = Object.values(workflow('release.yml').jobs).flatMap(({ steps = [] }) =>
      steps.map(({ run = '' }) => run),
    );
    const named = runs.flatMap((run) => run.match(/\b(scripts|sam)\/[\w./-]+/g) ?? []);
    expect(named).toContain('scripts/release/publish.ts');
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
