import type { Manifest } from 'lpr-router';
import { mapping } from './raw-manifest.ts';
import type { SamDocument } from './sam-document.ts';
import { resolve } from './sam-intrinsics.ts';
import type { TemplateScope } from './sam-intrinsics.ts';
import { resourcesOf } from './sam-scope.ts';

/** The custom resource that publishes a router's manifest. */
export const MANIFEST_TYPE = 'Custom::LprConfigPublisher';

/** Addresses of the container that the router is deployed in; a local run has its own. */
const ADDRESSES = ['ListenAddr', 'AdminAddr'];

/**
 * The manifest of a template: `RouterConfig` and `Spec` of its `Custom::LprConfigPublisher`, as that would
 * publish it but for addresses. `undefined` when the template has none; of several, the first.
 */
export function manifestOf(document: SamDocument, scope: TemplateScope): Manifest | undefined {
  const [logicalId, resource] =
    resourcesOf(document.value, scope.holds).find(([, { Type }]) => Type === MANIFEST_TYPE) ?? [];
  if (logicalId === undefined) return undefined;
  const place = ['Resources', logicalId, 'Properties'];
  const properties = mapping(resource?.['Properties']);
  const part = (key: string): unknown => resolve(properties[key], [...place, key], scope);
  const settings = Object.entries(mapping(part('RouterConfig'))).filter(
    ([key]) => !ADDRESSES.includes(key),
  );
  const spec = part('Spec');
  return {
    file: document.file,
    value: { ...Object.fromEntries(settings), ...(spec === undefined ? {} : { Spec: spec }) },
    problems: [],
    locate: (path, key) =>
      document.locate([...place, ...(path[0] === 'Spec' ? [] : ['RouterConfig']), ...path], key),
  };
}
