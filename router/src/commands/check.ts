import { checkConfig } from '../config/load.ts';
import { readManifest } from '../config/manifest.ts';
import { ConfigError } from '../config/problem.ts';
import { formatWarning, warningsOf } from '../config/warnings.ts';
import { describeRoutes } from './describe-routes.ts';

/** Where a command's lines go. */
export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * Checks the manifest at `location`: its routes go to `out`, what may not have been meant to `err`.
 *
 * @throws ConfigError with all problems
 */
export async function check(location: string, { out, err }: Output): Promise<void> {
  const manifest = await readManifest(location);
  const { config, problems } = checkConfig(manifest);
  if (config === undefined) throw new ConfigError(problems);
  const { operations } = config;
  if (operations.length > 0) for (const line of describeRoutes(operations)) out(line);
  const warnings = warningsOf(manifest, config);
  for (const warning of warnings) err(formatWarning(warning));
  const counts = `${count(operations.length, 'route')}, ${count(warnings.length, 'warning')}`;
  out(`${config.source}: ${counts}`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
