import { problemAt } from '../page.ts';
import type { CodeBlock, Page, Problem } from '../page.ts';
import { isThere, textOf } from '../repository.ts';

/** Code in these languages has to stand in a file that is tested. */
const QUOTED_LANGUAGES = new Set(['ts', 'js', 'mjs', 'tsx', 'python', 'py', 'dockerfile']);
/** What stands for lines that were left out. */
const OMISSION = /^ *(?:\/\/|#) …$/m;

/**
 * A block under a line such as `` `examples/a/src/b.ts`: `` says what that file says, a part after another
 * where `// …` or `# …` leaves something out; indentation and line breaks may differ.
 */
export function checkQuotes(pages: readonly Page[]): Problem[] {
  return pages.flatMap((page) =>
    page.blocks.flatMap((block) => {
      const message = problemOf(block);
      return message === undefined ? [] : [problemAt(page, block.line, message)];
    }),
  );
}

function problemOf({ language, code, quotedFrom }: CodeBlock): string | undefined {
  if (quotedFrom === undefined) {
    return QUOTED_LANGUAGES.has(language)
      ? 'Expected a line with the file that the block quotes, such as `` `examples/a/src/b.ts`: ``'
      : undefined;
  }
  if (!isThere(quotedFrom)) return `Expected a file to quote, got \`${quotedFrom}\``;
  const source = plain(textOf(quotedFrom));
  let at = 0;
  for (const part of code.split(OMISSION).map(plain)) {
    const found = source.indexOf(part, at);
    if (found < 0) return `Expected what \`${quotedFrom}\` says, got \`${part.slice(0, 80)}\``;
    at = found + part.length;
  }
  return undefined;
}

const plain = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();
