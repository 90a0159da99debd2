import { posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString as textOfNode } from 'mdast-util-to-string';
import { gfm } from 'micromark-extension-gfm';
import { visit } from 'unist-util-visit';
import { filesOf, textOf } from './repository.ts';

/** A fenced block of code. */
export interface CodeBlock {
  /** The first word after the fence; empty when there is none. */
  readonly language: string;
  readonly code: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** The file that the line before the block names, as in `` `src/a.ts`: ``. */
  readonly quotedFrom: string | undefined;
}

/** A link, an image or a definition. */
export interface Link {
  readonly url: string;
  readonly line: number;
}

/** A code span. */
export interface CodeSpan {
  readonly code: string;
  readonly line: number;
}

/** A Markdown file, taken apart. */
export interface Page {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  readonly spans: readonly CodeSpan[];
  readonly links: readonly Link[];
  /** What a link can name after `#`. */
  readonly anchors: ReadonlySet<string>;
}

/** What is wrong in a page, e.g. `docs/a.md:12: Expected …, got …`. */
export type Problem = string;

const QUOTED_FROM = /^(?:\[)?`(?<path>[^`\n]+)`(?:\]\([^)\n]*\))?:$/;

/** Every Markdown file of the repository. */
export function readPages(): Page[] {
  return filesOf('*.md').map((path) => parsePage(path, textOf(path)));
}

/** Takes a Markdown file apart. */
export function parsePage(path: string, text: string): Page {
  const tree = fromMarkdown(text, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const lines = text.split('\n');
  const slugger = new GithubSlugger();
  const blocks: CodeBlock[] = [];
  const spans: CodeSpan[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  visit(tree, (node) => {
    const line = node.position?.start.line ?? 1;
    switch (node.type) {
      case 'heading':
        anchors.add(slugger.slug(textOfNode(node)));
        break;
      case 'code': {
        const before = lines.slice(0, line - 1).findLast((text) => text.trim() !== '') ?? '';
        const quotedFrom = QUOTED_FROM.exec(before.trim())?.groups?.['path'];
        blocks.push({ language: node.lang ?? '', code: node.value, line: line + 1, quotedFrom });
        break;
      }
      case 'inlineCode':
        spans.push({ code: node.value, line });
        break;
      case 'link':
      case 'image':
      case 'definition':
        links.push({ url: node.url, line });
        break;
      case 'html':
        for (const [, id] of node.value.matchAll(/\bid="([^"]+)"/g)) anchors.add(id!);
        break;
      default:
    }
  });
  return { path, text, blocks, spans, links, anchors };
}

/** Words a problem with where it is. */
export const problemAt = ({ path }: Page, line: number, message: string): Problem =>
  `${path}:${line}: ${message}`;

/** A path relative to the page, as one relative to the root. */
export const besidePage = ({ path }: Page, target: string): string =>
  posix.join(posix.dirname(path), target);
