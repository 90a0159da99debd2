import DOMPurify from 'dompurify';
import { problemAt } from '../page.ts';
import type { Page, Problem } from '../page.ts';

/** Mermaid's own parser takes every diagram. */
export async function checkDiagrams(pages: readonly Page[]): Promise<Problem[]> {
  const parse = await loadParser();
  const problems: Problem[] = [];
  for (const page of pages) {
    for (const { language, code, line } of page.blocks) {
      if (language !== 'mermaid') continue;
      try {
        await parse(code);
      } catch (error) {
        problems.push(problemAt(page, line, `Expected a diagram, got ${String(error)}`));
      }
    }
  }
  return problems;
}

async function loadParser(): Promise<(code: string) => Promise<unknown>> {
  // Without a DOM it is a factory without methods; parsing asks it for nothing but the text back.
  Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text });
  const { default: mermaid } = await import('mermaid');
  return (code) => mermaid.parse(code);
}
