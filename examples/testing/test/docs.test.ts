import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);

/** Each block of TypeScript in the page, with the file that the line before it names. */
function quotesOf(page: string): { file: string; code: string }[] {
  const quotes = page.matchAll(/^`(?<file>[^`\n]+)`:\n\n```ts\n(?<code>.*?)```$/gms);
  return [...quotes].map(({ groups }) => ({ file: groups!['file']!, code: groups!['code']! }));
}

/** Without indentation and line breaks, so that a part may be quoted on its own. */
const plain = (code: string) => code.replaceAll(/\s+/g, ' ').trim();

test('docs/testing.md quotes what is tested', async () => {
  const page = await readFile(new URL('docs/testing.md', root), 'utf8');
  const quotes = quotesOf(page);
  expect(quotes).toHaveLength(page.split('```ts\n').length - 1);
  expect(quotes.length).toBeGreaterThan(8);
  for (const { file, code } of quotes) {
    const source = await readFile(new URL(file, root), 'utf8');
    for (const part of code.split(/^ *\/\/ …$/m))
      expect(plain(source), file).toContain(plain(part));
  }
});
