import { parsePathTemplate } from '../routing/path-template.ts';
import { valueAt } from './explain.ts';
import type { Manifest } from './manifest.ts';
import type { ConfigProblem } from './problem.ts';
import { lprSchema, METHOD_KEYS, settingsSchema } from './schema.ts';
import { wordChoice, wordPath, wordValue } from './wording.ts';

/**
 * What takes more than one key to see: templates that match the same paths, windows longer than timeouts.
 * Works on the manifest as written, so that a mistake elsewhere hides nothing here.
 */
export function crossCheck(manifest: Manifest): ConfigProblem[] {
  return [...checkTemplates(manifest), ...checkWindows(manifest)];
}

function* checkTemplates(manifest: Manifest): Generator<ConfigProblem> {
  const byShape = new Map<string, string>();
  for (const path of pathsOf(manifest)) {
    const parsed = parsePathTemplate(path);
    if (!parsed.ok) {
      yield templateProblem(manifest, path, parsed.expected, parsed.suggestion);
      continue;
    }
    const { shape } = parsed.template;
    const earlier = byShape.get(shape);
    if (earlier === undefined) byShape.set(shape, path);
    else {
      const expected = `a template that matches other paths than ${wordChoice([earlier])}`;
      yield templateProblem(manifest, path, expected);
    }
  }
}

function templateProblem(
  manifest: Manifest,
  path: string,
  expected: string,
  suggestion?: string,
): ConfigProblem {
  const at = ['Spec', 'paths', path];
  const position = manifest.locate(at, 'key');
  const got = wordChoice([path]);
  return { file: manifest.file, position, key: wordPath(at), expected, got, suggestion };
}

function* checkWindows(manifest: Manifest): Generator<ConfigProblem> {
  const fallback = settingsSchema.shape.DefaultTimeoutMs.safeParse(
    valueAt(manifest.value, ['DefaultTimeoutMs']),
  ).data;
  for (const path of pathsOf(manifest)) {
    for (const method of Object.keys(METHOD_KEYS)) {
      const at = ['Spec', 'paths', path, method, 'x-lpr'];
      const windowAt = [...at, 'maxWaitMs'];
      const written = valueAt(manifest.value, windowAt);
      const window = lprSchema.shape.maxWaitMs.safeParse(written).data;
      const timeout = lprSchema.shape.timeoutMs.safeParse(
        valueAt(manifest.value, [...at, 'timeoutMs']),
      );
      if (window === undefined || !timeout.success) continue;
      const limit = timeout.data ?? fallback;
      if (limit === undefined || window < limit) continue;
      const name = timeout.data === undefined ? 'DefaultTimeoutMs' : 'timeoutMs';
      yield {
        file: manifest.file,
        position: manifest.locate(windowAt),
        key: wordPath(windowAt),
        expected: `less than \`${name}\` (${limit})`,
        got: wordValue(written),
      };
    }
  }
}

function pathsOf(manifest: Manifest): string[] {
  const paths = valueAt(manifest.value, ['Spec', 'paths']);
  if (typeof paths !== 'object' || paths === null || Array.isArray(paths)) return [];
  return Object.keys(paths).filter((path) => !/^x-/i.test(path));
}
