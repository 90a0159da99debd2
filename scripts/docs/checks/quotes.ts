import { problemAt } from '../page.ts';
import type { CodeBlock, Page, Problem } from '../page.ts';
import { isThere, textOf } from '../repository.ts';

/** Code in these languages has to stand in a file that is tested. */
const QUOTED_LANGUAGES = new Set(['ts', 'js', 'mjs', 'tsx', 'python', 'py', 'dockerfile']);
/** A line that stands for others that were left out. */
export const OMISSION = /^ *(?:\/\/|#) …$/m;

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
  const wrong = wrongPart(code, textOf(quotedFrom));
  return wrong && `Expected what \`${quotedFrom}\` says, got \`${wrong.slice(0, 80)}\``;
}

/** Whether a file says what a quote of it says. */
export const isQuote = (code: string, source: string): boolean =>
  wrongPart(code, source) === undefined;

function wrongPart(code: string, source: string): string | undefined {
  const text = plain(source);
  let at = 0;
  for (const part of code.split(OMISSION).map(plain)) {
    const found = text.indexOf(part, at);
    if (found < 0) return part;
    at = found + part.length;
  }
  return undefined;
}

const plain = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();
