import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { INSPECTOR_PATH } from './inspector-path.ts';

/** What the build has made of `emulator/inspector/`. */
const FOLDER = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/inspector/' : './inspector/',
  import.meta.url,
);

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const FILES: Readonly<Record<string, string>> = {
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** The file of that name; `undefined` when there is none. */
export async function readAsset(name: string): Promise<Asset | undefined> {
  const type = FILES[name];
  if (type === undefined) return undefined;
  return { type, bytes: await readFile(fileURLToPath(new URL(name, FOLDER))) };
}

/** The page itself: everything in it is made by its script. */
export const PAGE: Asset = {
  type: 'text/html; charset=utf-8',
  bytes: Buffer.from(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>lpr inspector</title>
    <link rel="icon" href="${INSPECTOR_PATH}/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${INSPECTOR_PATH}/page.css" />
    <script type="module" src="${INSPECTOR_PATH}/page.js"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>The inspector needs JavaScript.</noscript>
  </body>
</html>
`),
};
