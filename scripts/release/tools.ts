import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where `.ci/run` installs programs that are not there already. */
const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'lambda-parallel-router',
);
const PYTHON = join(CACHE, 'python');

/** An environment in which those programs are found. */
export const toolEnv: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [process.env['PATH'], join(CACHE, 'go'), join(PYTHON, 'bin')].join(delimiter),
};

const pip = (requirement: string) =>
  `python3 -m venv ${PYTHON} && ${join(PYTHON, 'bin', 'pip')} install '${requirement}'`;

/** The lines that install the programs that only a release, or its dry run, needs. */
const INSTALL = {
  actionlint: `GOBIN=${join(CACHE, 'go')} go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12`,
  zizmor: pip('zizmor==1.32.0'),
  sam: pip('aws-sam-cli==1.*'),
  moto_server: pip('moto[server]==5.*'),
} as const;

export type ToolName = keyof typeof INSTALL;

/** What to say of a program that is not there. */
export function missingTool(name: ToolName): string {
  return `Expected the program \`${name}\`, got none. Install it with:\n  ${INSTALL[name]}`;
}

/** Whether a program could not be started because it is not there. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
