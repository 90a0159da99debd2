import { expectSuccess } from './command.ts';

/** Where npm would publish to, with a slash at the end. */
export async function registryUrl(): Promise<string> {
  return (await expectSuccess('npm', ['config', 'get', 'registry'])).trim().replace(/\/?$/, '/');
}

/**
 * The integrity of what a registry has of a version; undefined when it has nothing.
 *
 * @throws Error when the registry answers with anything else
 */
export async function publishedIntegrity(
  registry: string,
  name: string,
  version: string,
): Promise<string | undefined> {
  const response = await fetch(new URL(`${name}/${version}`, registry));
  if (response.status === 404) return undefined;
  if (!response.ok) {
    throw new Error(`Expected ${response.url} to answer 200 or 404, got ${response.status}`);
  }
  const { dist } = (await response.json()) as { dist: { integrity: string } };
  return dist.integrity;
}
