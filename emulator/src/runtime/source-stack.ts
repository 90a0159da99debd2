import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Prefix of the folders that bundles run from, and what marks their frames in a stack. */
export const BUNDLE_FOLDER = 'lpr-emulator-';

const FRAME = new RegExp(
  String.raw`(?<file>(?:file://)?[^\s()]*${BUNDLE_FOLDER}[^\s():]*):(?<line>\d+):(?<column>\d+)`,
  'g',
);

/** Where this package's own code lies: its sources, or what was built of them. */
const OWN = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '.', import.meta.url));

/**
 * Makes a stack of the sources' places and without the emulator's own frames. Node maps the places by
 * itself, unless something has replaced `Error.prepareStackTrace`, as test runners do; then this finds
 * what is left.
 */
export function sourceStack(stack: string): string {
  return withoutOwnFrames(stack).replaceAll(
    FRAME,
    (frame: string, file: string, line: string, column: string) => {
      const origin = findSourceMap(file)?.findOrigin(Number(line), Number(column));
      if (origin === undefined || !('fileName' in origin)) return frame;
      const { fileName, lineNumber, columnNumber } = origin;
      const source = fileName.startsWith('file:') ? fileURLToPath(fileName) : fileName;
      return `${source}:${lineNumber}:${columnNumber}`;
    },
  );
}

/** What called the function is the emulator, and so is what the function called in it. */
function withoutOwnFrames(stack: string): string {
  const kept: string[] = [];
  let foreign = false;
  for (const line of stack.split('\n')) {
    const isOwn = isFrame(line) && line.includes(OWN);
    if (isOwn && foreign) break;
    if (isOwn) continue;
    foreign ||= isFrame(line);
    kept.push(line);
  }
  // Where the function has no part in it, how Node came here says nothing.
  const isUsers = kept.some((line) => isFrame(line) && !line.includes('node:internal'));
  return (isUsers ? kept : kept.filter((line) => !isFrame(line))).join('\n');
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}
