import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { RuntimeError, RuntimeErrorType } from './errors.ts';
import type { HandlerSpec } from './handler-spec.ts';

// TypeScript first: where compiled output lies beside its source, the source is what is being edited.
const EXTENSIONS = ['', '.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/**
 * Finds the file of a handler's module below `baseDirectory`: the path with each extension in turn,
 * then, as Lambda does, a package of that name. Throws `Runtime.ImportModuleError`.
 */
export function findModule(baseDirectory: string, spec: HandlerSpec): string {
  const path = resolve(baseDirectory, spec.modulePath);
  for (const extension of EXTENSIONS) {
    if (isFile(path + extension)) return path + extension;
  }
  try {
    return createRequire(join(baseDirectory, 'index.js')).resolve(spec.modulePath);
  } catch (error) {
    const tried = EXTENSIONS.slice(1).join(', ');
    throw new RuntimeError(
      RuntimeErrorType.importModule,
      `Error: Cannot find module '${spec.modulePath}'\nLooked for ${path} with ${tried}, and for a package of that name.`,
      { cause: error },
    );
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
