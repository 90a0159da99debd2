import { cp, mkdir, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expectSuccess } from './command.ts';
import { readManifest, root, type Package } from './packages.ts';

/** The section of a changelog about a version, without its heading; undefined when there is none. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const section = changelog.split(/^## /m).find((text) => text.split('\n', 1)[0] === version);
  return section?.slice(section.indexOf('\n')).trim();
}

/** The names of changesets that wait for a release. */
export async function pendingChangesets(repository = root): Promise<string[]> {
  const names = await readdir(join(repository, '.changeset'));
  return names.filter((name) => name.endsWith('.md') && name !== 'README.md').toSorted();
}

/** Packages whose changelog says nothing of the version that would be published. */
export async function changelogProblems(
  packages: readonly Package[],
  repository = root,
): Promise<string[]> {
  const problems = await Promise.all(
    packages.map(async ({ folder, manifest: { version = '' } }) => {
      const path = join(folder, 'CHANGELOG.md');
      if (!existsSync(join(repository, path))) {
        return [
          `${path}: expected it to exist; add a changeset and run \`npm run release:version\``,
        ];
      }
      const text = await readFile(join(repository, path), 'utf8');
      if ((changelogSection(text, version) ?? '') !== '') return [];
      return [`${path}: expected a section \`## ${version}\` with text`];
    }),
  );
  return problems.flat();
}

/** What the pending changesets would make of the versions, done in a copy of the package.json files. */
export async function rehearseVersions(
  packages: readonly Package[],
  into: string,
  repository = root,
): Promise<{ readonly packages: Package[]; readonly problems: string[] }> {
  const listed = await expectSuccess('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: repository,
  });
  const wanted = listed
    .split('\n')
    .filter((path) =>
      /(^|\/)(package\.json|CHANGELOG\.md)$|^package-lock\.json$|^\.changeset\//.test(path),
    )
    .filter((path) => existsSync(join(repository, path)));
  for (const path of wanted) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await cp(join(repository, path), join(into, path));
  }
  const modules = join(into, 'node_modules');
  await symlink(join(root, 'node_modules'), modules);
  const changeset = join(root, 'node_modules', '.bin', 'changeset');
  await expectSuccess('git', ['init', '--quiet', '--initial-branch=main'], { cwd: into });
  await expectSuccess(changeset, ['version'], { cwd: into });
  await rm(modules);

  const released = packages.map(({ folder }) => ({
    folder,
    manifest: readManifest(join(into, folder, 'package.json')),
  }));
  return { packages: released, problems: await changelogProblems(released, into) };
}
