import type { Manifest } from './manifest.ts';
import type { ConfigProblem } from './problem.ts';
import type { RouterConfig } from './router-config.ts';

/** How strictly to check. */
export interface CheckOptions {
  /** `optional` where the address comes from elsewhere (a flag, a test that only injects); default `required`. */
  readonly listenAddr?: 'required' | 'optional';
}

/** Either a configuration, or every problem that was found in the order of the text; never throws. */
export type CheckedConfig =
  | { readonly config: RouterConfig; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly ConfigProblem[] };

/** Checks a manifest and compiles it; problems are values here. */
export declare function checkConfig(manifest: Manifest, options?: CheckOptions): CheckedConfig;

/** As `checkConfig`, but throws a `ConfigError` with all problems. */
export declare function compileConfig(manifest: Manifest, options?: CheckOptions): RouterConfig;

/** Reads and compiles the manifest at a path or `file://` URL. */
export declare function loadConfig(location: string, options?: CheckOptions): Promise<RouterConfig>;
