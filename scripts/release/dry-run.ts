import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { applicationProblems } from './application.ts';
import { changelogProblems, pendingChangesets, rehearseVersions } from './changelogs.ts';
import { expectSuccess } from './command.ts';
import { emptyProject, importProblems, installedNames, programProblems } from './installed.ts';
import { LAYER_NAMES, layerProblems } from './layers.ts';
import { releaseNotes } from './notes.ts';
import { homeOf, manifestProblems, PLACEHOLDER } from './manifests.ts';
import { PUBLISHED, readManifest, readPackages, root } from './packages.ts';
import { checkedTarballs } from './publish.ts';
import { follow, reportOf, table, type Step } from './report.ts';
import { resolutionProblems } from './resolution.ts';
import { pack, tarballProblems, type Tarball } from './tarballs.ts';
import { workflowProblems } from './workflows.ts';

const USAGE = `Usage: npm run release:dry [-- --keep FOLDER]

Builds, packs and checks everything that a release publishes, and publishes nothing.
Exits 1 when a step refuses.

Options:
  --keep FOLDER  leave the tarballs, what is known of them, and the release notes there
  --help         print this
`;

const { keep, help } = parseFlags();
if (help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const packages = readPackages();
const folder = await mkdtemp(join(tmpdir(), 'lpr-release-'));
let tarballs: Tarball[] = [];
let project = '';

const steps: Step[] = [
  {
    name: 'tree',
    run: async () => {
      const changed = await expectSuccess('git', ['status', '--porcelain'], { cwd: root });
      const paths = changed.split('\n').filter((line) => line !== '');
      const head = await expectSuccess('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
      const warnings = paths.length > 0 ? [`${paths.length} files are not committed`] : [];
      return { warnings, found: head.trim() };
    },
  },
  {
    name: 'metadata',
    run: async () => {
      const problems = manifestProblems(packages, readManifest(join(root, 'package.json')));
      const home = homeOf(packages[0]!.manifest);
      const warnings =
        home === undefined
          ? [`the repository is the placeholder \`${PLACEHOLDER}\`; see docs/release.md`]
          : [];
      return { problems, warnings, found: `${packages.length} packages` };
    },
  },
  {
    name: 'changelogs',
    run: async () => {
      const pending = await pendingChangesets();
      if (pending.length === 0) {
        const problems = await changelogProblems(packages);
        return { problems, found: `${packages[0]!.manifest.version}, no changeset pending` };
      }
      const into = join(folder, 'versions');
      await mkdir(into);
      const next = await rehearseVersions(packages, into);
      const problems = [
        ...next.problems,
        ...manifestProblems(next.packages, readManifest(join(root, 'package.json'))),
      ];
      const { version } = next.packages[0]!.manifest;
      return { problems, found: `${pending.length} changesets, they would make it ${version}` };
    },
  },
  {
    name: 'build',
    run: async () => {
      await expectSuccess('node', ['scripts/build.mjs'], { cwd: root });
      return { found: PUBLISHED.join(', ') };
    },
  },
  {
    name: 'pack',
    needs: ['build'],
    run: async () => {
      tarballs = await pack(packages, folder);
      const bytes = tarballs.reduce((sum, tarball) => sum + tarball.bytes, 0);
      return { found: `${tarballs.length} tarballs, ${kilobytes(bytes)}` };
    },
  },
  {
    name: 'contents',
    needs: ['pack'],
    run: async () => {
      const problems = tarballs.flatMap((tarball) => tarballProblems(tarball));
      const files = tarballs.reduce((sum, tarball) => sum + tarball.files.length, 0);
      return { problems, found: `${files} files` };
    },
  },
  {
    name: 'resolution',
    needs: ['pack'],
    run: async () => {
      const problems = await Promise.all(tarballs.map(resolutionProblems));
      return { problems: problems.flat(), found: 'publint, attw' };
    },
  },
  {
    name: 'install',
    needs: ['pack'],
    run: async () => {
      project = await emptyProject(join(folder, 'all'), tarballs, { skipLibCheck: true });
      const names = await installedNames(project);
      return { found: `${names.length} packages in an empty project` };
    },
  },
  {
    name: 'imports',
    needs: ['install'],
    run: async () => {
      const problems = await importProblems(project, tarballs);
      return { problems, found: 'types and run, ES modules and CommonJS' };
    },
  },
  {
    name: 'programs',
    needs: ['install'],
    run: async () => {
      const problems = await programProblems(project, tarballs);
      const names = tarballs.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
      return { problems, found: names.join(', ') };
    },
  },
  {
    name: 'layers',
    run: async () => {
      await expectSuccess('node', ['scripts/build-layer.mjs'], { cwd: root });
      return { problems: layerProblems(), found: LAYER_NAMES.join(', ') };
    },
  },
  {
    name: 'application',
    needs: ['build', 'layers'],
    run: async () => {
      const { problems, missing } = await applicationProblems(folder);
      return { problems, warnings: missing, found: 'sam package of sam/bootstrap' };
    },
  },
  {
    name: 'workflows',
    run: async () => {
      const { problems, missing } = await workflowProblems();
      return { problems, warnings: missing, found: 'actionlint, zizmor' };
    },
  },
];

try {
  const rows = await follow(steps, (line) => process.stderr.write(`${line}\n`));
  const packed = table([
    ['package', 'version', 'files', 'packed', 'unpacked'],
    ...tarballs.map(({ manifest, files, bytes, unpackedBytes }) => [
      manifest.name!,
      manifest.version!,
      String(files.length),
      kilobytes(bytes),
      kilobytes(unpackedBytes),
    ]),
  ]);
  if (keep !== undefined) await keepIn(resolve(keep));
  const refused = rows.filter(({ result }) => result === 'refused').length;
  const verdict = refused > 0 ? `Refused by ${refused} of ${rows.length} steps.` : 'Ready.';
  process.stdout.write(`\n${packed}\n\n${reportOf(rows)}\n\n${verdict} Nothing was published.\n`);
  process.exitCode = refused > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function parseFlags(): { keep?: string; help?: boolean } {
  try {
    return parseArgs({ options: { keep: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

/** What `publish.ts` and the release on GitHub are made from. */
async function keepIn(kept: string): Promise<void> {
  await mkdir(kept, { recursive: true });
  for (const { path } of tarballs) await copyFile(path, join(kept, basename(path)));
  const checked = JSON.stringify(checkedTarballs(tarballs), undefined, 2);
  await writeFile(join(kept, 'release.json'), `${checked}\n`);
  await writeFile(join(kept, 'notes.md'), releaseNotes(packages));
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
