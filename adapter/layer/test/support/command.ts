import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program that a Debian package brings; without it the error is the line to type. */
export async function runTool(
  program: string,
  args: readonly string[],
  debianPackage = program,
): Promise<string> {
  try {
    return (await run(program, [...args])).stdout;
  } catch (error) {
    const { code, stdout = '' } = error as NodeJS.ErrnoException & { stdout?: string };
    if (code !== 'ENOENT') throw new Error(`${program}: ${stdout}`, { cause: error });
    throw new Error(`Expected \`${program}\`, got none: apt-get install ${debianPackage}`, {
      cause: error,
    });
  }
}
