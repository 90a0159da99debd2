import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { wordChoice } from './wording.ts';

/** What aliases may add to a document, in nodes; beyond it lies an attack ("billion laughs") rather than a manifest. */
export const MAX_ALIASED_NODES = 1_000_000;

/** A fault of the document's structure. `fatal` ones leave no value worth checking further. */
export interface TreeFault {
  readonly node: Node;
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly got: string;
  readonly fatal: boolean;
}

interface Converted {
  readonly value: unknown;
  /** Nodes in it, what aliases stand for counted every time. */
  readonly size: number;
}

/**
 * Turns a YAML document into plain values in one pass, whatever its aliases do: an alias shares the value of
 * its anchor, so memory follows the text and not what the text could be expanded to.
 */
export class YamlTree {
  readonly value: unknown;
  readonly faults: TreeFault[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #converted = new Map<Node, Converted>();
  readonly #pairs = new Map<YAMLMap, Map<string, Pair>>();
  #aliasedNodes = 0;
  readonly #path: PropertyKey[] = [];

  constructor(root: Node | null) {
    this.value = this.#convert(root).value;
  }

  /** The node that an alias stands for; other nodes stand for themselves. */
  resolve(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  /** The pair that gives a mapping its `name`: its own, failing that the one merged into it. */
  pairOf(map: YAMLMap, name: string): Pair | undefined {
    const own = this.#pairs.get(map)?.get(name);
    if (own !== undefined) return own;
    for (const pair of map.items) {
      if (!isMergeKey(pair.key)) continue;
      const source = this.resolve(pair.value);
      for (const item of isSeq(source) ? source.items : [source]) {
        const merged = this.resolve(item);
        const found = isMap(merged) ? this.pairOf(merged, name) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #convert(node: unknown): Converted {
    if (isAlias(node)) return this.#alias(node);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return { value: null, size: 1 };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) {
      const scalar = { value: node.value, size: 1 };
      this.#converted.set(node, scalar);
      return scalar;
    }
    const collection = isSeq(node) ? this.#sequence(node) : this.#mapping(node);
    this.#converted.set(node, collection);
    return collection;
  }

  #alias(alias: Alias): Converted {
    const target = this.#anchors.get(alias.source);
    const found = target && this.#converted.get(target);
    if (target === undefined || found === undefined) {
      const expected =
        target === undefined ? 'an anchor before its alias' : 'no anchor inside itself';
      this.#fault(alias, expected, `\`*${alias.source}\``);
      return { value: null, size: 1 };
    }
    this.#targets.set(alias, target);
    const before = this.#aliasedNodes;
    this.#aliasedNodes += found.size;
    if (this.#aliasedNodes <= MAX_ALIASED_NODES) return found;
    if (before <= MAX_ALIASED_NODES) {
      this.#fault(alias, `aliases that stand for at most ${MAX_ALIASED_NODES} nodes`, 'more');
    }
    return { value: {}, size: 1 };
  }

  #sequence(node: YAMLSeq): Converted {
    let size = 1;
    const value = node.items.map((item, index) => {
      this.#path.push(index);
      const converted = this.#convert(item);
      this.#path.pop();
      size += converted.size;
      return converted.value;
    });
    return { value, size };
  }

  #mapping(node: YAMLMap): Converted {
    const entries = new Map<string, unknown>();
    const merges: object[] = [];
    const pairs = new Map<string, Pair>();
    this.#pairs.set(node, pairs);
    let size = 1;
    for (const pair of node.items) {
      const { key, value } = pair;
      const merge = isMergeKey(key);
      // Before its name is asked for: keys can be anchors and aliases, too.
      if (!merge) this.#convert(key);
      const name = merge ? '<<' : keyName(this.resolve(key));
      this.#path.push(name ?? '?');
      const converted = this.#convert(value);
      size += 1 + converted.size;
      if (merge) this.#collectSources(value ?? key, converted.value, merges);
      else if (name === undefined) this.#badKey(key, node, 'a text as key', 'something else');
      else if (entries.has(name))
        this.#badKey(key, node, 'each key once', `${wordChoice([name])} again`);
      // As an ordinary key it would be lost on the way: every copy of an object treats it specially.
      else if (name === '__proto__') this.#badKey(key, node, 'another key', '`__proto__`');
      else {
        entries.set(name, converted.value);
        pairs.set(name, pair);
      }
      this.#path.pop();
    }
    for (const source of merges) {
      for (const [name, merged] of Object.entries(source)) {
        if (!entries.has(name)) entries.set(name, merged);
      }
    }
    return { value: Object.fromEntries(entries), size };
  }

  #collectSources(node: unknown, value: unknown, merges: object[]): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source === 'object' && source !== null && !Array.isArray(source))
        merges.push(source);
      else
        this.#fault(node as Node, 'a mapping, or a list of mappings, to merge', 'something else');
    }
  }

  #badKey(key: unknown, map: YAMLMap, expected: string, got: string): void {
    this.#fault((key as Node | null) ?? map, expected, got, false);
  }

  #fault(node: Node, expected: string, got: string, fatal = true): void {
    this.faults.push({ node, path: [...this.#path], expected, got, fatal });
  }
}

function isMergeKey(key: unknown): boolean {
  if (!isScalar(key)) return false;
  // With merging on, the parser gives a plain `<<` a symbol as its value.
  return typeof key.value === 'symbol' && key.value.description === '<<';
}

/** The text of a key; `undefined` for a mapping or a list, which JSON has no such keys for. */
function keyName(key: unknown): string | undefined {
  if (key === null) return 'null';
  return isScalar(key) ? String(key.value) : undefined;
}
