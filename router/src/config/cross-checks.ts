import { parsePathTemplate } from '../routing/path-template.ts';
import { valueAt } from './explain.ts';
import { collide, parseListenAddress } from './listen-address.ts';
import { lprSchema } from './lpr-schema.ts';
import { MANAGEMENT_PATHS } from './management-paths.ts';
import type { Manifest } from './manifest.ts';
import type { ConfigProblem } from './problem.ts';
import { METHOD_KEYS, settingsSchema } from './schema.ts';
import { wordChoice, wordPath, wordValue } from './wording.ts';

/**
 * What takes more than one key to see: templates that match the same paths, windows longer than timeouts,
 * addresses and paths that are taken. Works on the manifest as written, so that a mistake elsewhere hides nothing here.
 */
export function crossCheck(manifest: Manifest): ConfigProblem[] {
  return [
    ...checkAddresses(manifest),
    ...checkTemplates(manifest),
    ...checkWindows(manifest),
    ...checkDynamicWindows(manifest),
  ];
}

function* checkTemplates(manifest: Manifest): Generator<ConfigProblem> {
  const byShape = new Map<string, string>();
  const taken: readonly string[] =
    valueAt(manifest.value, ['AdminAddr']) === undefined ? Object.values(MANAGEMENT_PATHS) : [];
  for (const path of pathsOf(manifest)) {
    const parsed = parsePathTemplate(path);
    if (!parsed.ok) {
      yield templateProblem(manifest, path, parsed.expected, parsed.suggestion);
      continue;
    }
    if (taken.includes(path)) {
      const expected = 'another path (or `AdminAddr`): the router answers this one itself';
      yield templateProblem(manifest, path, expected);
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
  for (const [at, written] of lprSections(manifest)) {
    const window = lprSchema.shape.maxWaitMs.safeParse(valueAt(written, ['maxWaitMs'])).data;
    const timeout = lprSchema.shape.timeoutMs.safeParse(valueAt(written, ['timeoutMs']));
    if (window === undefined || !timeout.success) continue;
    const limit = timeout.data ?? fallback;
    if (limit === undefined || window < limit) continue;
    const name = timeout.data === undefined ? 'DefaultTimeoutMs' : 'timeoutMs';
    yield problemAt(manifest, [...at, 'maxWaitMs'], `less than \`${name}\` (${limit})`);
  }
}

function* checkDynamicWindows(manifest: Manifest): Generator<ConfigProblem> {
  const { maxWaitMs, dynamicWait } = lprSchema.shape;
  const { minWaitMs } = dynamicWait.unwrap().shape;
  for (const [at, written] of lprSections(manifest)) {
    const longest = maxWaitMs.safeParse(valueAt(written, ['maxWaitMs'])).data;
    const path = ['dynamicWait', 'minWaitMs'];
    const shortest = minWaitMs.safeParse(valueAt(written, path)).data;
    if (longest === undefined || shortest === undefined || shortest <= longest) continue;
    yield problemAt(manifest, [...at, ...path], `at most \`maxWaitMs\` (${longest})`);
  }
}

/** Every `x-lpr` that there is, with where it stands. */
function* lprSections(manifest: Manifest): Generator<[at: string[], written: unknown]> {
  for (const path of pathsOf(manifest)) {
    for (const method of Object.keys(METHOD_KEYS)) {
      const at = ['Spec', 'paths', path, method, 'x-lpr'];
      const written = valueAt(manifest.value, at);
      if (written !== undefined) yield [at, written];
    }
  }
}

function* checkAddresses(manifest: Manifest): Generator<ConfigProblem> {
  const [listen, admin] = ['ListenAddr', 'AdminAddr'].map((key) => {
    const written = valueAt(manifest.value, [key]);
    return typeof written === 'string' ? parseListenAddress(written) : undefined;
  });
  if (listen === undefined || admin === undefined || !collide(listen, admin)) return;
  const expected = 'an address that does not collide with `ListenAddr`';
  yield problemAt(manifest, ['AdminAddr'], expected);
}

function problemAt(manifest: Manifest, at: readonly string[], expected: string): ConfigProblem {
  return {
    file: manifest.file,
    position: manifest.locate(at),
    key: wordPath(at),
    expected,
    got: wordValue(valueAt(manifest.value, at)),
  };
}

function pathsOf(manifest: Manifest): string[] {
  const paths = valueAt(manifest.value, ['Spec', 'paths']);
  if (typeof paths !== 'object' || paths === null || Array.isArray(paths)) return [];
  return Object.keys(paths).filter((path) => !/^x-/i.test(path));
}
