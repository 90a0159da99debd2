import type { Stage } from './arrivals.ts';
import type { Flags } from './flags.ts';
import type { LoadRoute } from './routes.ts';

/** What is run when no stage is named. */
export const DEFAULT_STAGES: readonly Stage[] = [
  { rate: 50, seconds: 10 },
  { rate: 100, seconds: 10 },
  { rate: 200, seconds: 10 },
];

/** A flag, or flags together, that cannot be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for flags that exclude or need each other */
export function checkFlags(flags: Flags): void {
  const { url, stack, config, template, path, direct, fromCsv } = flags;
  if (url !== undefined && stack !== undefined) {
    throw new UsageError('Expected `--url` or `--stack`, got both');
  }
  if (template !== undefined && (url ?? stack) !== undefined) {
    throw new UsageError(
      'Expected `--template` without `--url` and `--stack`: it is the emulator that reads it',
    );
  }
  if (url === undefined && path.length > 0) {
    throw new UsageError('Expected `--path` together with `--url`');
  }
  const isDeployed = (url ?? stack) !== undefined;
  if (direct !== undefined && direct instanceof URL !== isDeployed) {
    throw new UsageError(
      `Expected \`--direct\` to be ${isDeployed ? 'a URL' : "the name of one of the emulator's functions"}, got \`${String(direct)}\``,
    );
  }
  if (url !== undefined && config === undefined && path.length === 0) {
    throw new UsageError(
      'Expected `--path` or `--config` with `--url`, so that its routes are known',
    );
  }
  if (fromCsv !== undefined && (url ?? stack ?? template) !== undefined) {
    throw new UsageError('Expected `--from-csv` without a target: it runs nothing');
  }
}

/** @throws UsageError for a name that no route has, or two have */
export function chooseRoutes(
  routes: readonly LoadRoute[],
  names: readonly string[],
): readonly LoadRoute[] {
  const known = routes.map(({ name }) => name);
  const twice = known.find((name, index) => known.indexOf(name) < index);
  if (twice !== undefined) {
    throw new UsageError(`Expected every route to have a name of its own, got \`${twice}\` twice`);
  }
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `Expected \`--route\` to be one of ${known.map((name) => `\`${name}\``).join(', ')}, got \`${unknown}\``,
    );
  }
  return names.length === 0 ? routes : routes.filter(({ name }) => names.includes(name));
}

/**
 * The stages of a run.
 *
 * @throws UsageError when a rate, or the time of the whole run, is beyond its bound
 */
export function planStages(
  { stage = DEFAULT_STAGES, warmUp, maxRate, maxMinutes }: Flags,
  routes: number,
): readonly Stage[] {
  const highest = Math.max(...stage.map(({ rate }) => rate));
  if (highest > maxRate) {
    throw new UsageError(
      `Expected rates up to \`--max-rate\` ${maxRate}, got ${highest}: raise it if the load is meant`,
    );
  }
  const seconds = routes * stage.reduce((sum, { seconds }) => sum + seconds, warmUp);
  if (seconds > maxMinutes * 60) {
    throw new UsageError(
      `Expected a run of up to \`--max-minutes\` ${maxMinutes}, got ${(seconds / 60).toFixed(1)} minutes for ${routes} routes`,
    );
  }
  return stage;
}
