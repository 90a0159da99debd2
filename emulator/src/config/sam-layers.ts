import { existsSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { nodeMajor, pythonVersion } from '../functions/process-definition.ts';
import { mapping, text, valueAt } from './raw-manifest.ts';
import type { SamFunction } from './sam-function.ts';
import { resolve } from './sam-intrinsics.ts';

/**
 * Folders with the modules that a function's layers bring, the one that counts most first: those of layers
 * of the template itself, with a folder as their content. Whatever is not there is told, but for the layer
 * that batches, which every `layered` function has to have.
 */
export function readLayers(source: SamFunction, runtime: string, layered: boolean): string[] {
  const { document, scope, logicalId, name, resource, warn } = source;
  const written = [
    ...listOf(valueAt(document.value, ['Globals', 'Function', 'Layers'])),
    ...listOf(mapping(resource['Properties'])['Layers']),
  ];
  const path = ['Resources', logicalId, 'Properties', 'Layers'];
  // A layer's name is all that is wanted of it.
  const quiet = { ...scope, warn: () => undefined };
  const layers = listOf(resolve(written, path, quiet)).map(text);
  if (layered && layers.length === 0) {
    warn(path, `none; \`${name}\` would not start in Lambda`, 'the layer with the wrapper');
  }
  const found = layers.map((layer) => ({ layer, folders: foldersOf(source, layer, runtime) }));
  const missing = found.filter(({ folders }) => folders.length === 0);
  for (const { layer } of layered ? missing.slice(1) : missing) {
    warn(path, `\`${layer}\``, 'a layer with a folder here that has modules for the runtime');
  }
  // In Lambda a later layer covers those before it.
  return found.toReversed().flatMap(({ folders }) => folders);
}

function foldersOf({ document, scope }: SamFunction, layer: string, runtime: string): string[] {
  const resource = mapping(valueAt(document.value, ['Resources', layer]));
  const path = ['Resources', layer, 'Properties', 'ContentUri'];
  const content = text(resolve(valueAt(document.value, path), path, scope));
  if (resource['Type'] !== 'AWS::Serverless::LayerVersion' || content === '') return [];
  const folder = resolvePath(dirname(document.file), content);
  const built = text(mapping(resource['Metadata'])['BuildMethod']);
  return modulePaths(runtime, built)
    .map((below) => join(folder, below))
    .filter((found) => existsSync(found));
}

/** Where modules are in a layer's folder; what `sam build` builds is below the runtime's folder only then. */
function modulePaths(runtime: string, buildMethod: string): string[] {
  const node = nodeMajor(runtime);
  if (node !== undefined) {
    if (buildMethod.startsWith('nodejs')) return ['node_modules'];
    return [`nodejs/node${node}/node_modules`, 'nodejs/node_modules'];
  }
  const python = pythonVersion(runtime);
  if (python === undefined) return [];
  return buildMethod.startsWith('python')
    ? ['.']
    : [`python/lib/python${python}/site-packages`, 'python'];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
