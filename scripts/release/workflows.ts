import { command, type Ended } from './command.ts';
import { root } from './packages.ts';
import { isMissing, missingTool, toolEnv, type ToolName } from './tools.ts';

const LINTERS: readonly (readonly [name: ToolName, args: readonly string[]])[] = [
  ['actionlint', ['-no-color']],
  [
    'zizmor',
    ['--offline', '--no-progress', '--color=never', '--persona=pedantic', '.github/workflows'],
  ],
];

/** What the linters say of `.github/workflows`, and how to install those that are missing. */
export async function workflowProblems(
  repository = root,
): Promise<{ readonly problems: string[]; readonly missing: string[] }> {
  const problems: string[] = [];
  const missing: string[] = [];
  for (const [name, args] of LINTERS) {
    let ended: Ended;
    try {
      ended = await command(name, args, { cwd: repository, env: toolEnv });
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing.push(missingTool(name));
      continue;
    }
    if (ended.code !== 0) problems.push(`${name}: ${ended.output.trim()}`);
  }
  return { problems, missing };
}
