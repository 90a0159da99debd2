import { mapping, text, valueAt } from './raw-manifest.ts';
import type { SamFunction } from './sam-function.ts';
import { resolve } from './sam-intrinsics.ts';

/**
 * Warns of layers: the emulator has the one that batches, and none besides. A function with its wrapper has
 * to have one layer at least, or it would not start in Lambda.
 */
export function checkLayers(source: SamFunction, layered: boolean): void {
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
  for (const layer of layered ? layers.slice(1) : layers) {
    warn(path, `\`${layer}\`, which is not there locally`, 'no layer but the one that batches');
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
