import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SAM } from './programs.ts';

/** The image that was pushed last, as parameters of the deployment that follows. */
export interface ImageRecord {
  readonly ImageUri: string;
  readonly ImageRepositoryArn: string;
  /** What it was built for. */
  readonly Architecture: 'X86_64' | 'ARM64';
}

/** Another place for tests. */
const file = process.env['LPR_IMAGE_RECORD'] ?? join(SAM, '.aws-sam', 'image.json');

export async function writeImageRecord(record: ImageRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(record, undefined, 2)}\n`);
}

export async function readImageRecord(): Promise<ImageRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ImageRecord);
}
