import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { readLocation } from './locate.ts';
import { ConfigError } from './problem.ts';
import type { ConfigProblem, Position } from './problem.ts';
import { printable, wordPath } from './wording.ts';
import { YamlTree } from './yaml-tree.ts';

/** A configuration as it was written, before any of it is checked against a schema. */
export interface Manifest {
  /** For messages, and the base of relative paths when it names a file. */
  readonly file: string;
  /** Plain JSON-like values; what an alias stands for is shared, so treat them as read-only. */
  readonly value: unknown;
  /** What the text itself makes wrong without making it unreadable, such as a key written twice. */
  readonly problems: readonly ConfigProblem[];
  /** Where a value, or with `key` its name, is written; of what is missing, the nearest thing around it. `undefined` without a text. */
  locate(path: readonly PropertyKey[], part?: 'key' | 'value'): Position | undefined;
}

const START: Position = { line: 1, column: 1 };

/**
 * Reads YAML 1.2, with merge keys, or JSON.
 *
 * @throws ConfigError with the syntax errors, one per line of the text
 */
export function parseManifest(text: string, file: string): Manifest {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    strict: true,
    // Repeated keys are found by the tree, which knows their path and goes on to the other problems.
    uniqueKeys: false,
  });
  const syntax = new Map<number, ConfigProblem>();
  for (const error of syntaxErrors(document)) {
    const position = positionAt(error.pos[0]);
    // One mistake makes the parser stumble several times: the first error of a line is the telling one.
    if (syntax.has(position.line)) continue;
    syntax.set(position.line, { file, position, key: 'syntax', ...wordSyntaxError(error, text) });
  }
  if (syntax.size > 0) throw new ConfigError([...syntax.values()]);

  const tree = new YamlTree(document.contents);
  const problems = tree.faults.map(({ node, path, expected, got }): ConfigProblem => ({
    file,
    position: positionAt(node.range?.[0] ?? 0),
    key: wordPath(path),
    expected,
    got,
  }));
  if (tree.faults.some(({ fatal }) => fatal)) throw new ConfigError(problems);

  return {
    file,
    value: tree.value,
    problems,
    locate(path, part = 'value') {
      const offset = offsetOf(tree, document.contents, path, part);
      return offset === undefined ? START : positionAt(offset);
    },
  };
}

/** Wraps a configuration that was never text; its problems name `file` and carry no position. */
export function manifestFromObject(value: unknown, file = 'config'): Manifest {
  return { file, value, problems: [], locate: () => undefined };
}

/**
 * Reads the manifest at a path or `file://` URL.
 *
 * @throws ConfigError when it cannot be read or parsed
 */
export async function readManifest(location: string): Promise<Manifest> {
  const { file, text } = await readLocation(location);
  return parseManifest(text, file);
}

function syntaxErrors(document: Document.Parsed): readonly YAMLError[] {
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return exhausted === undefined ? errors : [exhausted];
}

function wordSyntaxError(error: YAMLError, text: string): { expected: string; got: string } {
  const [start] = error.pos;
  switch (error.code) {
    case 'RESOURCE_EXHAUSTION':
      return { expected: 'at most a few hundred levels of nesting', got: 'more' };
    case 'TAG_RESOLVE_FAILED':
      return { expected: 'values without tags of other programs', got: lowerFirst(error.message) };
    case 'MULTIPLE_DOCS':
      return { expected: 'one document', got: 'another one' };
    default: {
      const lineStart = text.lastIndexOf('\n', start - 1) + 1;
      const address = /^[^\n]*?(\[[\dA-Fa-f:.]+\]:\d+)/.exec(text.slice(lineStart));
      if (address !== null) return { expected: `quotes: \`'${address[1]}'\``, got: 'none' };
      return { expected: 'YAML or JSON', got: lowerFirst(error.message) };
    }
  }
}

function lowerFirst(text: string): string {
  return printable(text.charAt(0).toLowerCase() + text.slice(1));
}

function offsetOf(
  tree: YamlTree,
  root: Node | null,
  path: readonly PropertyKey[],
  part: 'key' | 'value',
): number | undefined {
  let node: unknown = root;
  let around: number | undefined;
  for (const key of path) {
    const collection = tree.resolve(node);
    let next: unknown;
    if (isMap(collection)) next = tree.pairOf(collection, String(key));
    else if (isSeq(collection)) next = collection.items[Number(key)];
    if (next === undefined) return around;
    around = startOf(isPair(next) ? next.key : next) ?? around;
    node = isPair(next) ? next.value : next;
  }
  if (part === 'key' || isEmpty(node)) return around ?? startOf(node);
  return startOf(node) ?? around;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

/** `key:` with nothing after it has no place of its own worth pointing at. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}
