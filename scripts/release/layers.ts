import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.ts';

/** Where `npm run build:layer` leaves the archives, and beside each a `NAME.json`. */
export const LAYERS = join(root, 'adapter', 'layer', 'dist');

/** Names of the layers that a release publishes, as their archives are called. */
export const LAYER_NAMES = [
  'layer-node',
  'layer-universal-arm64',
  'layer-universal-x86_64',
] as const;

/** Direct uploads of a layer may have 50 MB; larger ones go through S3, up to 250 MB unzipped. */
const UNZIPPED_LIMIT = 250 * 1024 * 1024;

interface LayerRecord {
  readonly sha256: string;
  readonly bytes: number;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** A layer that is missing, too large for Lambda, or not the one its record describes. */
export function layerProblems(folder = LAYERS): string[] {
  const there = new Set(readdirSync(folder));
  return LAYER_NAMES.flatMap((name) => {
    if (!there.has(`${name}.zip`) || !there.has(`${name}.json`)) {
      return [`${name}: expected \`${name}.zip\` and \`${name}.json\` to have been built`];
    }
    const record = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as LayerRecord;
    const archive = readFileSync(join(folder, `${name}.zip`));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    const unzipped = record.files.reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      ...(sha256 === record.sha256
        ? []
        : [`${name}: expected SHA-256 ${record.sha256}, got ${sha256}`]),
      ...(unzipped <= UNZIPPED_LIMIT
        ? []
        : [`${name}: expected at most ${UNZIPPED_LIMIT} bytes unzipped, got ${unzipped}`]),
    ];
  });
}
