import { parse } from 'shell-quote';
import { besidePage, problemAt } from '../page.ts';
import type { Page, Problem } from '../page.ts';
import { filesOf, isThere, textOf } from '../repository.ts';
import { isProgram, optionsOf } from './programs.ts';

const SHELLS = new Set(['sh', 'bash', 'shell']);
/** A code span that is a command of this project, and not the name of something. */
const COMMAND_SPAN = /^(?:npx|npm|node|lpr-(?:router|emulator|testkit)) \S/;
/** What stands before a command without being one. */
const PREFIX = /^(?:do|then|else|exec|sudo|npx|[A-Za-z_]\w*=.*)$/;

/**
 * Of every command: options of this project's programs are in their help, npm scripts are defined, and the
 * files given to `node`, `vitest` and `cd` are there.
 */
export async function checkCommands(pages: readonly Page[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const page of pages) {
    for (const { text, line } of commandsOf(page)) {
      for (const message of await problemsOf(text, page)) {
        problems.push(problemAt(page, line, message));
      }
    }
  }
  return problems;
}

function commandsOf({ blocks, spans }: Page): { text: string; line: number }[] {
  return [
    ...blocks
      .filter(({ language }) => SHELLS.has(language))
      .map(({ code, line }) => ({ text: code, line })),
    ...spans
      .filter(({ code }) => COMMAND_SPAN.test(code))
      .map(({ code, line }) => ({ text: code, line })),
  ];
}

async function problemsOf(text: string, page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const command of simpleCommands(text)) {
    const [program = '', ...args] = command.slice(command.findIndex((word) => !PREFIX.test(word)));
    problems.push(...(await argumentProblems(program, args, page)));
  }
  return problems;
}

/** The words of each command; operators and line ends stand between them. */
function simpleCommands(text: string): string[][] {
  const lines = text.replaceAll(/\\\n/g, ' ').split('\n');
  const commands: string[][] = [];
  for (const line of lines) {
    let words: string[] = [];
    commands.push(words);
    for (const token of parse(line, (name) => `$${name}`)) {
      if (typeof token === 'string') words.push(token);
      else if ('comment' in token) break;
      else if (token.op === 'glob') words.push(token.pattern);
      else commands.push((words = []));
    }
  }
  return commands.filter((words) => words.length > 0);
}

async function argumentProblems(program: string, args: string[], page: Page): Promise<string[]> {
  if (isProgram(program)) return unknownOptions(program, args);
  const [first = '', ...rest] = args;
  switch (program) {
    case 'npm':
      return npmProblems(first, rest);
    case 'vitest':
      return missingFiles(rest.filter(isPath), page);
    case 'node':
      return missingFiles(args.filter((word) => /\.[cm]?[jt]s$/.test(word)).slice(0, 1), page);
    case 'cd':
      return missingFiles([first], page);
    default:
      return [];
  }
}

async function npmProblems(subcommand: string, rest: readonly string[]): Promise<string[]> {
  const script = subcommand === 'run' ? rest.find((word) => !word.startsWith('-')) : subcommand;
  if (!['run', 'start', 'test'].includes(subcommand) || script === undefined) return [];
  if (!npmScripts().has(script)) return [`Expected a script of npm, got \`npm run ${script}\``];
  const separator = rest.indexOf('--');
  const program = `npm run ${script}`;
  return separator >= 0 && isProgram(program)
    ? unknownOptions(program, rest.slice(separator + 1))
    : [];
}

/** Those of every workspace: `npm run x --workspace y` and a page inside of it both work. */
function npmScripts(): Set<string> {
  const packages = filesOf('package.json', '*/package.json', 'examples/*/package.json');
  return new Set(
    packages.flatMap((path) => {
      const { scripts = {} } = JSON.parse(textOf(path)) as { scripts?: Record<string, string> };
      return Object.keys(scripts);
    }),
  );
}

async function unknownOptions(program: string, args: readonly string[]): Promise<string[]> {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const known = await optionsOf(program);
  return own
    .filter((word) => word.startsWith('--'))
    .map((word) => word.split('=')[0]!)
    .filter((option) => !known.has(option))
    .map((option) => `Expected an option of \`${program}\`, got \`${option}\``);
}

const isPath = (word: string): boolean => !word.startsWith('-') && !word.startsWith('$');

/** From the repository's root or from the page's folder: pages say which. */
const missingFiles = (paths: readonly string[], page: Page): string[] =>
  paths
    .filter((path) => !isThere(path) && !isThere(besidePage(page, path)))
    .map((path) => `Expected a file or folder that is there, got \`${path}\``);
