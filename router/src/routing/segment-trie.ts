import type { Segment } from './path-template.ts';

/** A template in the trie, with what it leads to. */
export interface TrieEntry<T> {
  readonly value: T;
  /** Names of the parameters, in the order of the path. */
  readonly names: readonly string[];
}

interface Node<T> {
  /** By {@link bucketOf}, so that a lookup needs no substring of the path. */
  readonly children: Map<number, { readonly text: string; readonly node: Node<T> }[]>;
  parameter: Node<T> | undefined;
  greedy: TrieEntry<T> | undefined;
  entry: TrieEntry<T> | undefined;
}

/**
 * Finds the most specific template that matches a path: at each segment static text is tried before a
 * parameter and a parameter before a greedy one; a choice that leads nowhere further on is taken back.
 *
 * A path leads to each node at most once, so a search visits no more nodes than the table has.
 */
export class SegmentTrie<T> {
  readonly #root: Node<T> = newNode();
  #path = '';
  // Where the parameters of the entry found last stand in the path: start and end of each. Reused by every search.
  readonly #bounds: number[] = [];

  /** Adds a template whose shape is new to the trie. */
  add(segments: readonly Segment[], value: T): void {
    const names: string[] = [];
    let node = this.#root;
    for (const segment of segments) {
      if (segment.type === 'static') {
        node = staticChild(node, segment.text);
        continue;
      }
      names.push(segment.name);
      if (segment.type === 'greedy') {
        node.greedy = { value, names };
        return;
      }
      node = node.parameter ??= newNode();
    }
    node.entry = { value, names };
  }

  /** The entry for `path`, which has to begin with `/`. */
  find(path: string): TrieEntry<T> | undefined {
    this.#path = path;
    return this.#search(this.#root, 1, 0);
  }

  /** Copies the parameters of the entry that `find` has just returned, undecoded, out of the path. */
  parameter(index: number): string {
    return this.#path.slice(this.#bounds[2 * index], this.#bounds[2 * index + 1]);
  }

  #search(node: Node<T>, start: number, depth: number): TrieEntry<T> | undefined {
    const path = this.#path;
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;

    const candidates = node.children.get(bucketOf(path, start, end));
    if (candidates !== undefined) {
      for (const { text, node: child } of candidates) {
        if (text.length !== end - start || !path.startsWith(text, start)) continue;
        const found = slash === -1 ? child.entry : this.#search(child, end + 1, depth);
        if (found !== undefined) return found;
        break;
      }
    }
    const { parameter } = node;
    // An empty segment is no value: `/hello/` is not `/hello/{id}`.
    if (parameter !== undefined && end > start) {
      const found = slash === -1 ? parameter.entry : this.#search(parameter, end + 1, depth + 1);
      if (found !== undefined) return this.#bind(depth, start, end, found);
    }
    if (node.greedy !== undefined && path.length > start) {
      return this.#bind(depth, start, path.length, node.greedy);
    }
    return undefined;
  }

  #bind(depth: number, start: number, end: number, entry: TrieEntry<T>): TrieEntry<T> {
    this.#bounds[2 * depth] = start;
    this.#bounds[2 * depth + 1] = end;
    return entry;
  }
}

function newNode<T>(): Node<T> {
  return { children: new Map(), parameter: undefined, greedy: undefined, entry: undefined };
}

function staticChild<T>(node: Node<T>, text: string): Node<T> {
  const bucket = bucketOf(text, 0, text.length);
  let candidates = node.children.get(bucket);
  if (candidates === undefined) node.children.set(bucket, (candidates = []));
  let child = candidates.find((candidate) => candidate.text === text);
  if (child === undefined) candidates.push((child = { text, node: newNode() }));
  return child.node;
}

/** Cheap and good enough to tell siblings apart: length, first, middle and last character. */
function bucketOf(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const middle = text.charCodeAt(start + (length >> 1));
  const edges = (text.charCodeAt(start) & 0x7f) | ((text.charCodeAt(end - 1) & 0x7f) << 7);
  return edges | ((middle & 0x7f) << 14) | ((length & 0xff) << 21);
}
