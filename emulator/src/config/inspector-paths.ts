import type { ConfigProblem, Manifest } from 'lpr-router';
import { INSPECTOR_PATH } from '../inspector/inspector-path.ts';
import { mapping, valueAt } from './raw-manifest.ts';

/** Routes of a manifest that no request would reach, because the inspector answers there. */
export function* takenByInspector(manifest: Manifest): Generator<ConfigProblem> {
  for (const path of Object.keys(mapping(valueAt(manifest.value, ['Spec', 'paths'])))) {
    if (path !== INSPECTOR_PATH && !path.startsWith(`${INSPECTOR_PATH}/`)) continue;
    const place = ['Spec', 'paths', path];
    yield {
      file: manifest.file,
      position: manifest.locate(place, 'key'),
      key: place.join('.'),
      expected: 'another path (or `--no-inspector`): the inspector answers this one',
      got: `\`${path}\``,
    };
  }
}
