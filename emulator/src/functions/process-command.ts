import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FunctionDefinition } from './function-definition.ts';
import { pythonVersion } from './process-definition.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { pythonClient } from './process-python.ts';

const NODE_CLIENT = 'aws-lambda-ric';

/**
 * The command line that runs a function under AWS's own runtime client. Throws an error that says what is
 * missing and how to get it; `tell` hears of what takes long or differs.
 */
export async function processCommand(
  { baseDirectory, handler }: FunctionDefinition,
  { runtime, command }: ProcessDefinition,
  tell: (text: string) => void,
): Promise<readonly string[]> {
  if (command !== undefined) return command;
  const python = pythonVersion(runtime);
  return python === undefined
    ? [process.execPath, nodeClient(baseDirectory), handler.text]
    : [await pythonClient(python, tell), '-m', 'awslambdaric', handler.text];
}

function nodeClient(baseDirectory: string): string {
  const folder = [import.meta.url, join(baseDirectory, 'package.json')]
    .map((from) => find(from))
    .find((found) => found !== undefined);
  if (folder === undefined) {
    throw new Error(
      `Expected the package \`${NODE_CLIENT}\`, AWS's runtime client, got none: ` +
        `\`npm install --save-dev ${NODE_CLIENT}\` (it builds natively, with cmake, g++ and make)`,
    );
  }
  if (!existsSync(join(folder, 'rapid-client.node'))) {
    throw new Error(
      `Expected \`${NODE_CLIENT}\` to be built, it is not: install cmake, g++ and make, ` +
        `then \`npm rebuild ${NODE_CLIENT}\``,
    );
  }
  return join(folder, 'index.mjs');
}

function find(from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve(`${NODE_CLIENT}/package.json`));
  } catch {
    return undefined;
  }
}
