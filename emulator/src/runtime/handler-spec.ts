import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { RuntimeError, RuntimeErrorType } from './errors.ts';

/** Which export of which module handles events. */
export interface HandlerSpec {
  /** As it was configured, for messages: `src/app.handler`. */
  readonly text: string;
  /** Path of the module, usually without extension, relative to the function's folder or absolute: `src/app`. */
  readonly modulePath: string;
  /** Names from the module's namespace down to the function: `['api', 'get']`. */
  readonly exportPath: readonly string[];
}

/**
 * Reads Lambda's `dir/file.export` notation: the file name ends at its first dot, everything after it
 * is the (nested) export. Throws a `RuntimeError` `Runtime.MalformedHandlerName`.
 */
export function parseHandlerSpec(text: string): HandlerSpec {
  if (text.includes('..')) {
    throw malformed(
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = basename(text);
  const dot = file.indexOf('.');
  if (dot <= 0 || dot === file.length - 1 || text.endsWith('/')) {
    throw malformed(`Bad handler: expected \`FILE.EXPORT\`, got \`${text}\``);
  }
  const folder = text.slice(0, text.length - file.length);
  return {
    text,
    modulePath: folder + file.slice(0, dot),
    exportPath: file.slice(dot + 1).split('.'),
  };
}

const MODULE_FILE = /\.[cm]?[jt]sx?$/;

/**
 * Reads a handler as typed on a command line: a file (its export `handler`), or `dir/file.export`.
 * Relative paths start at `directory`; the result's folder is the file's own. Throws a `RuntimeError`.
 */
export function handlerFromArgument(
  argument: string,
  directory: string,
): { readonly baseDirectory: string; readonly spec: HandlerSpec } {
  const path = resolve(directory, argument);
  const baseDirectory = dirname(path);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile && MODULE_FILE.test(path)) {
    throw new RuntimeError(RuntimeErrorType.importModule, `Error: Cannot find module '${path}'`);
  }
  const spec: HandlerSpec = isFile
    ? { text: argument, modulePath: basename(path), exportPath: ['handler'] }
    : { ...parseHandlerSpec(basename(path)), text: argument };
  return { baseDirectory, spec };
}

function malformed(message: string): RuntimeError {
  return new RuntimeError(RuntimeErrorType.malformedHandlerName, message);
}
