import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { absolute } from '../docs/repository.ts';

const { scripts } = JSON.parse(readFileSync(absolute('package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

// TypeScript needs the Node.js that the installation brings; an older one says only "Unknown file extension".
it.each(Object.entries(scripts).filter(([, line]) => line.includes('.ts')))(
  '`npm run %s` works on a fresh clone: it installs before it runs TypeScript',
  (_, line) => {
    expect(line).toMatch(/^node scripts\/(?:install|build)\.mjs && (?:exec )?node \S+\.ts$/);
  },
);
