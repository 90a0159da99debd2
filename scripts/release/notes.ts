import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogSection } from './changelogs.ts';
import { root, type Package } from './packages.ts';

/** What a release brings, from the changelogs: each change once, with the packages that name it. */
export function releaseNotes(packages: readonly Package[], repository = root): string {
  const kinds = new Map<string, Map<string, string[]>>();
  for (const { folder, manifest } of packages) {
    const changelog = readFileSync(join(repository, folder, 'CHANGELOG.md'), 'utf8');
    const section = changelogSection(changelog, manifest.version!) ?? '';
    for (const part of section.split(/^### /m).slice(1)) {
      const kind = part.slice(0, part.indexOf('\n')).trim();
      const changes = kinds.get(kind) ?? new Map<string, string[]>();
      kinds.set(kind, changes);
      for (const change of changesOf(part.slice(part.indexOf('\n')))) {
        changes.set(change, [...(changes.get(change) ?? []), manifest.name!]);
      }
    }
  }
  return [...kinds]
    .filter(([, changes]) => changes.size > 0)
    .map(([kind, changes]) => {
      const lines = [...changes].map(([change, names]) => `- ${names.join(', ')}: ${change}`);
      return `## ${kind}\n\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** The entries of a list; new versions of the other packages are no news, since all have the same. */
function changesOf(list: string): string[] {
  return list
    .split(/^- /m)
    .slice(1)
    .map((entry) => entry.trimEnd())
    .filter((entry) => !/^Updated dependencies|^lpr-[a-z-]+@\d/.test(entry));
}
