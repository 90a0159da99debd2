import { createHash } from 'node:crypto';
import { checkConfig, manifestFromObject } from 'lpr-router';
import type { ConfigProblem } from 'lpr-router';
import { canonicalJson } from './canonical-json.ts';
import type { Properties } from './properties.ts';

/** A manifest as it is published, and what the router has to say against it. */
export interface ResolvedManifest {
  readonly text: string;
  readonly sha256: string;
  /** Keyed as in the template: `RouterConfig.…` or `Spec.…`. */
  readonly problems: readonly ConfigProblem[];
}

/** Puts the manifest together and checks it as the router will; problems name `file`. */
export function resolveManifest(
  { RouterConfig, Spec, Port }: Pick<Properties, 'RouterConfig' | 'Spec' | 'Port'>,
  file: string,
): ResolvedManifest {
  const text = canonicalJson({ ListenAddr: `0.0.0.0:${Port}`, ...RouterConfig, Spec });
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { problems } = checkConfig(manifestFromObject(JSON.parse(text), file));
  return {
    text,
    sha256,
    problems: [...twoSpecs(RouterConfig, file), ...problems.map(asInTemplate)],
  };
}

function twoSpecs(routerConfig: Properties['RouterConfig'], file: string): ConfigProblem[] {
  if (!Object.hasOwn(routerConfig, 'Spec')) return [];
  const key = 'RouterConfig.Spec';
  return [
    { file, position: undefined, key, expected: '`Spec` beside `RouterConfig`', got: 'it inside' },
  ];
}

function asInTemplate(problem: ConfigProblem): ConfigProblem {
  const { key } = problem;
  const ofSpec = key === 'Spec' || key.startsWith('Spec.');
  return ofSpec ? problem : { ...problem, key: `RouterConfig.${key}` };
}
