import { join } from 'node:path';
import { command } from './command.ts';
import { root } from './packages.ts';
import type { Tarball } from './tarballs.ts';

const tool = (name: string) => join(root, 'node_modules', '.bin', name);

/** What publint, and every way in which TypeScript and Node.js resolve a package, say of a tarball. */
export async function resolutionProblems({ manifest, path }: Tarball): Promise<string[]> {
  const [attw, publint] = await Promise.all([
    command(tool('attw'), [path, '--format', 'json', '--no-definitely-typed'], { cwd: root }),
    command(tool('publint'), ['--strict', path], { cwd: root }),
  ]);
  const { problems = {} } = JSON.parse(attw.stdout) as { problems?: object };
  return [
    ...Object.entries(problems).map(
      ([kind, found]) => `${manifest.name}: ${kind}: ${JSON.stringify(found)}`,
    ),
    ...(publint.code === 0 && publint.output.includes('All good!')
      ? []
      : [`${manifest.name}: publint: ${publint.output.trim()}`]),
  ];
}
