import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { discoverManifest } from '../config/discover.ts';
import { UsageError } from './usage-error.ts';

/**
 * Checks a handler as it was typed: a file, or `dir/file.export`.
 *
 * @throws UsageError when it is a folder, or names neither a file nor an export
 */
export function expectHandler(argument: string): void {
  if (statSync(argument, { throwIfNoEntry: false })?.isDirectory() === true) {
    const manifest = discoverManifest(argument);
    const hint = manifest === undefined ? '' : `; its manifest is \`--config ${manifest}\``;
    throw new UsageError(`Expected a handler, got the folder \`${argument}\`${hint}`);
  }
  if (!basename(argument).includes('.')) {
    throw new UsageError(
      `Expected a handler as \`FILE\` or \`FILE.EXPORT\`, got \`${argument}\`, which is no file`,
    );
  }
}
