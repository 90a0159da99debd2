import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationProblems, packagedProblems } from '../release/application.ts';
import {
  changelogProblems,
  changelogSection,
  pendingChangesets,
  rehearseVersions,
} from '../release/changelogs.ts';
import { expectSuccess } from '../release/command.ts';
import { emptyProject, importProblems, programProblems } from '../release/installed.ts';
import { layerProblems } from '../release/layers.ts';
import { homeOf, manifestProblems } from '../release/manifests.ts';
import { readManifest, readPackages, root, type Manifest } from '../release/packages.ts';
import { follow, reportOf } from '../release/report.ts';
import { resolutionProblems } from '../release/resolution.ts';
import { pack, tarballProblems } from '../release/tarballs.ts';
import { workflowProblems } from '../release/workflows.ts';

const repository = readManifest(join(root, 'package.json'));
const [router] = readPackages(root, ['router']) as [{ folder: string; manifest: Manifest }];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lpr-release-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A repository of its own with these files; values that are no text are written as JSON. */
async function repositoryOf(name: string, files: Record<string, unknown>): Promise<string> {
  const at = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(at, path), text, { mode: 0o644 });
  }
  return at;
}

/** A package whose tarball, entries and program are all wrong in some way. */
const BROKEN = {
  name: 'lpr-broken',
  version: '0.1.0',
  type: 'module',
  files: ['dist', 'src'],
  bin: { 'lpr-broken': 'dist/cli.js' },
  exports: {
    '.': { import: { types: './dist/index.d.ts', default: './dist/index.js' } },
    './gone': { import: { types: './dist/gone.d.ts', default: './dist/gone.js' } },
    './fixtures/*': './fixtures/*',
    './package.json': './package.json',
  },
};
const BROKEN_FILES = {
  'broken/package.json': BROKEN,
  'broken/README.md': '# broken\n',
  'broken/dist/index.js': 'export {};\n',
  'broken/dist/index.d.ts': 'export {};\n',
  'broken/dist/cli.js': "#!/usr/bin/env node\nprocess.stdout.write('9.9.9\\n');\n",
  'broken/src/index.ts': 'export {};\n',
  'broken/src/index.test.ts': 'export {};\n',
};

describe('the dry run of a release', () => {
  it('accepts what is in the tree', async () => {
    expect(manifestProblems(readPackages(), repository)).toEqual([]);
    const pending = await pendingChangesets();
    expect(pending.length > 0 ? [] : await changelogProblems(readPackages())).toEqual([]);
    expect(await workflowProblems()).toEqual({ problems: [], missing: [] });
  });

  it('refuses a tarball that lacks a file, or has one that does not belong there', async () => {
    const at = await repositoryOf('contents', BROKEN_FILES);
    const [tarball] = await pack(readPackages(at, ['broken']), folder, at);
    expect(tarballProblems(tarball!)).toEqual([
      'lpr-broken: expected `LICENSE` in the tarball',
      'lpr-broken: expected `CHANGELOG.md` in the tarball',
      'lpr-broken: expected `dist/gone.d.ts` in the tarball',
      'lpr-broken: expected `dist/gone.js` in the tarball',
      'lpr-broken: expected files of `./fixtures/*` in the tarball',
      'lpr-broken: expected no sources, tests or dependencies in the tarball, got `src/index.test.ts`',
      'lpr-broken: expected no sources, tests or dependencies in the tarball, got `src/index.ts`',
      'lpr-broken: expected `dist/cli.js` to be executable',
    ]);
    expect((await resolutionProblems(tarball!)).join('\n')).toContain('gone.js');
  });

  it('refuses an entry that cannot be imported, and a program that does not know its version', async () => {
    const at = await repositoryOf('installed', BROKEN_FILES);
    const [tarball] = await pack(readPackages(at, ['broken']), folder, at);
    const project = await emptyProject(join(folder, 'project'), [tarball!], {});
    const imports = await importProblems(project, [tarball!]);
    expect(imports.join('\n')).toContain("Cannot find module 'lpr-broken/gone'");
    expect(await programProblems(project, [tarball!])).toEqual([
      'Expected `lpr-broken --version` to print 0.1.0, got 9.9.9 (exit 0)',
      'Expected `lpr-broken --help` to show its usage, got 9.9.9 (exit 0)',
    ]);
  }, 120_000);

  it('refuses metadata that is missing, or differs between packages', () => {
    const { keywords: _, ...rest } = router.manifest;
    const manifest: Manifest = {
      ...rest,
      version: '0.2.0',
      license: 'ISC',
      publishConfig: { access: 'public' },
      dependencies: { 'lpr-protocol': '^0.1.0', 'lpr-bench': '0.0.0', yaml: 'file:../yaml' },
    };
    const [protocol] = readPackages(root, ['protocol']);
    const { version } = protocol!.manifest;
    expect(manifestProblems([protocol!, { folder: 'router', manifest }], repository)).toEqual([
      'router/package.json: expected `keywords` to have at least three words, got nothing',
      'router/package.json: expected `license` to be `MIT`, got `"ISC"`',
      'router/package.json: expected `publishConfig.provenance` to be `true`, got nothing',
      `router/package.json: expected the dependency \`lpr-protocol\` to be exactly \`${version}\`, got \`^0.1.0\``,
      'router/package.json: expected the dependency `lpr-bench` to be published, too',
      'router/package.json: expected the dependency `yaml` to have a version that others can install, got `file:../yaml`',
      `Expected one version for all packages, got lpr-protocol ${version}, lpr-router 0.2.0`,
    ]);
  });

  it('refuses a package whose changelog is missing or says nothing of its version', async () => {
    const at = await repositoryOf('changelogs', {
      'old/package.json': { name: 'lpr-old', version: '0.2.0' },
      'old/CHANGELOG.md': '# lpr-old\n\n## 0.2.0\n\n## 0.1.0\n\n- First release\n',
      'none/package.json': { name: 'lpr-none', version: '0.2.0' },
    });
    expect(await changelogProblems(readPackages(at, ['old', 'none']), at)).toEqual([
      'old/CHANGELOG.md: expected a section `## 0.2.0` with text',
      'none/CHANGELOG.md: expected it to exist; add a changeset and run `npm run release:version`',
    ]);
    expect(changelogSection('# x\n\n## 0.2.0\n\nB\n\n## 0.1.0\n\nA\n', '0.1.0')).toBe('A');
  });

  it('rehearses the versions of pending changesets: all packages together, exact dependencies', async () => {
    const listed = await expectSuccess('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
    });
    const wanted = /(^|\/)package(-lock)?\.json$|^\.changeset\/config\.json$/;
    const paths = listed.split('\n').filter((path) => wanted.test(path));
    const files = Object.fromEntries(paths.map((path) => [path, readManifest(join(root, path))]));
    const changeset = "---\n'lpr-protocol': minor\n---\n\nA new kind of record.\n";
    const at = await repositoryOf('changesets', { ...files, '.changeset/one.md': changeset });
    await expectSuccess('git', ['init', '--quiet'], { cwd: at });

    expect(await pendingChangesets(at)).toEqual(['one.md']);
    const into = join(folder, 'versions');
    await mkdir(into);
    const next = await rehearseVersions(readPackages(at), into, at);
    expect(manifestProblems(next.packages, repository)).toEqual([]);
    expect(new Set(next.packages.map(({ manifest }) => manifest.version)).size).toBe(1);
    expect(next.packages[0]!.manifest.version).not.toBe(router.manifest.version);
    expect(next.problems).toEqual([]);
    expect(readPackages(at)[0]!.manifest.version).toBe(router.manifest.version);
  });

  it('refuses a layer that is not the one its record describes', async () => {
    const record = { sha256: '00', bytes: 3, files: [{ path: 'a', bytes: 3e8 }] };
    const at = await repositoryOf('layers', {
      'layer-node.zip': 'zip',
      'layer-node.json': record,
    });
    expect(layerProblems(at)).toEqual([
      expect.stringMatching(/^layer-node: expected SHA-256 00, got [0-9a-f]{64}$/),
      'layer-node: expected at most 262144000 bytes unzipped, got 300000000',
      'layer-universal-arm64: expected `layer-universal-arm64.zip` and `layer-universal-arm64.json` to have been built',
      'layer-universal-x86_64: expected `layer-universal-x86_64.zip` and `layer-universal-x86_64.json` to have been built',
    ]);
  });

  it('refuses an application whose parts are not where others can read them', async () => {
    const packaged = (code: string) =>
      `Metadata: { AWS::ServerlessRepo::Application: { Name: lambda-parallel-router, LicenseUrl: s3://release/0/a } }\nResources: { A: { Properties: { CodeUri: ${code} } } }\n`;
    expect(packagedProblems(packaged('s3://release/0/b'))).toEqual([]);
    expect(packagedProblems(packaged('../dist'))).toEqual([
      'Expected `CodeUri` to be packaged, got `../dist`',
    ]);
    expect(packagedProblems('Resources: {}')).toEqual([
      'Expected the application to be called `lambda-parallel-router`, got `undefined`',
    ]);
    const template = [
      'Transform: AWS::Serverless-2016-10-31',
      'Resources:',
      '  A:',
      '    Type: AWS::Serverless::Function',
      '    Properties: { Handler: index.handler, Runtime: nodejs24.x, CodeUri: gone }',
      '',
    ].join('\n');
    const at = await repositoryOf('application', { 'template.yaml': template });
    const { problems, missing } = await applicationProblems(at, join(at, 'template.yaml'));
    expect(missing).toEqual([]);
    expect(problems.join('\n')).toContain('CodeUri');
  }, 120_000);

  it('refuses a workflow with a mistake, a tag instead of a commit, or more rights than it needs', async () => {
    const workflow = [
      'on: push',
      'permissions: write-all',
      'jobs:',
      '  a:',
      '    runs-on: ubuntu-24.04',
      '    needs: b',
      '    steps:',
      '      - uses: actions/checkout@v5',
      '',
    ].join('\n');
    const at = await repositoryOf('workflows', { '.github/workflows/a.yml': workflow });
    await expectSuccess('git', ['init', '--quiet'], { cwd: at });
    const { problems } = await workflowProblems(at);
    expect(problems.join('\n')).toContain('job "a" needs job "b" which does not exist');
    expect(problems.join('\n')).toContain('excessive-permissions');
    expect(problems.join('\n')).toContain('unpinned-uses');
  });

  it('knows the home of the packages only when it is not the placeholder', () => {
    const at = (owner: string): Manifest => ({
      repository: { type: 'git', url: `git+https://github.com/${owner}/x.git`, directory: 'a' },
    });
    expect(homeOf(at('OWNER'))).toBeUndefined();
    expect(homeOf(at('somebody'))).toBe('somebody/x');
  });

  it('goes on after a refusal, but not with what needs the result of a step that broke', async () => {
    const done: string[] = [];
    const rows = await follow(
      [
        { name: 'one', run: async () => ({ problems: ['too small'], found: '1 file' }) },
        { name: 'two', run: () => Promise.reject(new Error('no disk')) },
        { name: 'three', needs: ['one'], run: async () => ({ found: '3 files' }) },
        { name: 'four', needs: ['two'], run: async () => ({ found: 'never' }) },
        { name: 'five', needs: ['four'], run: async () => ({ found: 'never' }) },
        { name: 'six', run: async () => ({ warnings: ['odd'], found: '6 files' }) },
      ],
      (line) => done.push(line),
    );
    expect(done).toEqual(['one …', 'two …', 'three …', 'six …']);
    expect(reportOf(rows).replaceAll(/\d+\.\d s/g, '0.0 s')).toBe(
      [
        'refused: one: too small',
        'refused: two: no disk',
        'warning: six: odd',
        '',
        'step   result   took   found',
        'one    refused  0.0 s  1 file',
        'two    refused  0.0 s',
        'three  ok       0.0 s  3 files',
        'four   not run         needs `two`',
        'five   not run         needs `four`',
        'six    warning  0.0 s  6 files',
      ].join('\n'),
    );
  });
});
