import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Prefix of the folders that bundles run from, and what marks their frames in a stack. */
export const BUNDLE_FOLDER = 'lpr-emulator-';

const FRAME = new RegExp(
  String.raw`(?<file>(?:file://)?[^\s()]*${BUNDLE_FOLDER}[^\s():]*):(?<line>\d+):(?<column>\d+)`,
  'g',
);

/**
 * Rewrites a stack's frames inside bundles to the places in the sources. Node does so by itself, unless
 * something has replaced `Error.prepareStackTrace`, as test runners do; then this finds what is left.
 */
export function sourceStack(stack: string): string {
  return stack.replaceAll(FRAME, (frame: string, file: string, line: string, column: string) => {
    const origin = findSourceMap(file)?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !('fileName' in origin)) return frame;
    const { fileName, lineNumber, columnNumber } = origin;
    const source = fileName.startsWith('file:') ? fileURLToPath(fileName) : fileName;
    return `${source}:${lineNumber}:${columnNumber}`;
  });
}
