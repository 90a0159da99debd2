import { readFile } from 'node:fs/promises';
import { ConfigError } from 'lpr-router';
import type { Position } from 'lpr-router';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { INTRINSIC_TAGS } from './sam-yaml.ts';

/** A template as it was written, CloudFormation's short forms written out. */
export interface SamDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where a value, or with `key` its name, is written; of what is missing, the nearest thing around it. */
  locate(path: readonly PropertyKey[], part?: 'key' | 'value'): Position | undefined;
}

/** @throws ConfigError for a file that cannot be read or is no YAML */
export async function readSamDocument(file: string): Promise<SamDocument> {
  const lines = new LineCounter();
  const document = parseDocument(await read(file), {
    lineCounter: lines,
    customTags: INTRINSIC_TAGS,
    logLevel: 'silent',
  });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = document.errors[0];
  if (broken !== undefined) {
    const position = positionAt(broken.pos[0]);
    throw new ConfigError([
      { file, position, key: 'template', expected: 'YAML', got: broken.message },
    ]);
  }
  return {
    file,
    value: document.toJS(),
    locate(path, part = 'value') {
      const keys = path.map(String);
      for (let length = keys.length; length > 0; length -= 1) {
        const offset = offsetOf(document, keys.slice(0, length), part);
        if (offset !== undefined) return positionAt(offset);
      }
      return undefined;
    },
  };
}

function offsetOf(
  document: Document,
  path: readonly string[],
  part: 'key' | 'value',
): number | undefined {
  if (part === 'key') {
    const parent: unknown = document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => nameOf(key) === path.at(-1)) : null;
    if (isNode(pair?.key)) return pair.key.range?.[0];
  }
  // What a tag has made of a value is no node, but knows where it stood.
  const node = document.getIn(path, true) as { readonly range?: readonly number[] } | null;
  return node?.range?.[0];
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const problem = { file, position: undefined, key: '--template', expected: 'a readable file' };
    throw new ConfigError([{ ...problem, got }], { cause });
  }
}
