import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { absolute } from '../repository.ts';

const run = promisify(execFile);

/** This project's programs, and the arguments that make each subcommand print its help. */
const PROGRAMS: Readonly<Record<string, { readonly file: string; readonly commands: string[] }>> = {
  'lpr-router': { file: 'router/bin/lpr-router.mjs', commands: ['check'] },
  'lpr-emulator': { file: 'emulator/bin/lpr-emulator.mjs', commands: ['exec'] },
  'lpr-testkit': { file: 'testkit/bin/lpr-testkit.mjs', commands: ['conformance'] },
};

export const isProgram = (name: string): boolean => Object.hasOwn(PROGRAMS, name);

const helps = new Map<string, Promise<Set<string>>>();

/** Every option that a program's help lists, those of its subcommands included, e.g. `--config`. */
export function optionsOf(program: string): Promise<Set<string>> {
  let options = helps.get(program);
  if (!options) helps.set(program, (options = readHelp(program)));
  return options;
}

async function readHelp(program: string): Promise<Set<string>> {
  const { file, commands } = PROGRAMS[program]!;
  const texts = await Promise.all(
    [[], ...commands.map((command) => [command])].map(async (command) => {
      const { stdout } = await run(process.execPath, [absolute(file), ...command, '--help']);
      return stdout;
    }),
  );
  return new Set(texts.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []));
}
