import { compileConfig, readManifest } from 'lpr-router';
import type { LoadRoute } from '../routes.ts';
import { routesOf } from './manifest-routes.ts';
import type { Target } from './target.ts';

export interface UrlSource {
  /** Of a router that runs somewhere. */
  readonly url: URL;
  /** Its manifest: all its routes. */
  readonly config: string | undefined;
  /** Path templates, with a method before them where it is not GET: `POST /orders`. */
  readonly paths: readonly string[];
  /** Of the function itself, such as a function URL: the baseline. */
  readonly direct: URL | undefined;
}

/** @throws ConfigError with every problem of the manifest, RangeError for a path that is none */
export async function urlTarget({ url, config, paths, direct }: UrlSource): Promise<Target> {
  const routes: LoadRoute[] = [];
  if (direct !== undefined) routes.push(plainRoute('direct', 'GET', direct.href, true));
  if (config !== undefined) {
    const manifest = await readManifest(config);
    const { operations } = compileConfig(manifest, { listenAddr: 'optional' });
    routes.push(...routesOf(operations, url.href));
  }
  for (const path of paths) {
    const [, method = 'GET', template] = /^(?:([A-Z]+) )?(\/\S*)$/.exec(path) ?? [];
    if (template === undefined) {
      throw new RangeError(`Expected \`--path\` as \`/hello\` or \`POST /hello\`, got \`${path}\``);
    }
    routes.push(plainRoute(path, method, `${url.href.replace(/\/$/, '')}${template}`, false));
  }
  return {
    description: url.href,
    routes,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A route of whose function nothing is known. */
export function plainRoute(name: string, method: string, url: string, direct: boolean): LoadRoute {
  const unknown = { functionName: undefined, memoryMb: undefined, architecture: undefined };
  return { name, method, url, direct, ...unknown };
}
