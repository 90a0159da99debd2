import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { checkCommands } from './checks/commands.ts';
import { checkDiagrams } from './checks/diagrams.ts';
import { checkIdentifiers } from './checks/identifiers.ts';
import { checkLinks } from './checks/links.ts';
import { checkNames } from './checks/names.ts';
import { checkQuotes } from './checks/quotes.ts';
import { checkSketches } from './checks/sketches.ts';
import { checkValues } from './checks/values.ts';
import { readPages } from './page.ts';
import type { Page, Problem } from './page.ts';
import { absolute } from './repository.ts';
import { requoted } from './requote.ts';

/** Pages for users of the project: their code has to be tested. Other READMEs sketch it: that compiles. */
const QUOTING = /^(?:docs\/.*|README\.md|examples\/[^/]+\/README\.md)$/;

type Check = (pages: readonly Page[]) => Promise<readonly Problem[]>;

const quoting = (pages: readonly Page[]): Page[] => pages.filter(({ path }) => QUOTING.test(path));

/** What is checked of the documentation, by name. */
export const CHECKS: Readonly<Record<string, Check>> = {
  links: async (pages) => checkLinks(pages),
  commands: checkCommands,
  names: checkNames,
  identifiers: async (pages) => checkIdentifiers(pages),
  quotes: async (pages) => checkQuotes(quoting(pages)),
  sketches: async (pages) => checkSketches(pages),
  values: async (pages) => checkValues(quoting(pages)),
  diagrams: checkDiagrams,
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--write')) {
    for (const page of quoting(readPages())) writeFileSync(absolute(page.path), requoted(page));
  }
  const pages = readPages();
  const found = await Promise.all(Object.values(CHECKS).map((check) => check(pages)));
  for (const problem of found.flat()) process.stderr.write(`${problem}\n`);
  process.exitCode = found.flat().length === 0 ? 0 : 1;
}
