import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { command, type Ended } from './command.ts';
import { root } from './packages.ts';

/** Where `.ci/run` installs programs that are not there already. */
const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'lambda-parallel-router',
);

/** Linters of workflows, with the line that installs each. */
const LINTERS = {
  actionlint: {
    args: ['-no-color'],
    install: `GOBIN=${join(CACHE, 'go')} go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12`,
  },
  zizmor: {
    args: [
      '--offline',
      '--no-progress',
      '--color=never',
      '--persona=pedantic',
      '.github/workflows',
    ],
    install: `python3 -m venv ${join(CACHE, 'python')} && ${join(CACHE, 'python', 'bin', 'pip')} install zizmor==1.32.0`,
  },
} as const;

/** What the linters say of `.github/workflows`, and the lines that install those that are missing. */
export async function workflowProblems(
  repository = root,
): Promise<{ readonly problems: string[]; readonly missing: string[] }> {
  const PATH = [process.env['PATH'], join(CACHE, 'go'), join(CACHE, 'python', 'bin')].join(
    delimiter,
  );
  const env = { ...process.env, PATH };
  const problems: string[] = [];
  const missing: string[] = [];
  for (const [name, { args, install }] of Object.entries(LINTERS)) {
    let ended: Ended;
    try {
      ended = await command(name, args, { cwd: repository, env });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      missing.push(`Expected the program \`${name}\`, got none. Install it with:\n  ${install}`);
      continue;
    }
    if (ended.code !== 0) problems.push(`${name}: ${ended.output.trim()}`);
  }
  return { problems, missing };
}
