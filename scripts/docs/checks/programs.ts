import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { absolute } from '../repository.ts';

const run = promisify(execFile);

/** This project's programs and the scripts of npm that take options, with their subcommands. */
const PROGRAMS: Readonly<Record<string, { readonly file: string; readonly commands: string[] }>> = {
  'lpr-router': { file: 'router/bin/lpr-router.mjs', commands: ['check'] },
  'lpr-emulator': { file: 'emulator/bin/lpr-emulator.mjs', commands: ['exec'] },
  'lpr-testkit': { file: 'testkit/bin/lpr-testkit.mjs', commands: ['conformance'] },
  'npm run start': { file: 'emulator/bin/lpr-emulator.mjs', commands: ['exec'] },
  'npm run bench': { file: 'bench/src/run.ts', commands: [] },
  'npm run loadtest': { file: 'bench/src/loadtest/program.ts', commands: ['compare'] },
  'npm run break-even': { file: 'bench/src/costs/break-even-program.ts', commands: [] },
  'npm run image': { file: 'sam/scripts/image.ts', commands: [] },
  'npm run deploy': { file: 'sam/scripts/deploy.ts', commands: [] },
  'npm run delete': { file: 'sam/scripts/delete.ts', commands: [] },
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
  return new Set(['--help', ...texts.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? [])]);
}
