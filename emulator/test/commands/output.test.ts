import { expect, test } from 'vitest';
import { startListening } from '../support/program.ts';
import { createProject } from '../support/project.ts';

const APP = `export const handler = async () => {
  console.log('told');
  console.warn('warned');
  process.stdout.write('written\\n');
  return 1;
};`;

test.each(['pretty', 'json'])(
  'a line that a function writes is shown once and logged once (%s)',
  async (format) => {
    const { directory } = await createProject({ 'app.ts': APP });
    const program = await startListening(['app.ts', '--single', '--log-format', format], {
      cwd: directory,
    });
    const answer = await fetch(`${program.lambdaUrl}/2015-03-31/functions/handler/invocations`, {
      method: 'POST',
      headers: { 'x-amz-log-type': 'Tail' },
    });
    const log = Buffer.from(answer.headers.get('x-amz-log-result') ?? '', 'base64').toString();
    const lines = log
      .split('\n')
      .filter((line) => line.includes('\t') && !line.startsWith('REPORT'));
    expect(lines.map((line) => line.split('\t').slice(2))).toEqual([
      ['INFO', 'told'],
      ['WARN', 'warned'],
      ['INFO', 'written'],
    ]);
    program.signal('SIGTERM');
    await program.ended;
    const shown = program.stdout() + program.stderr();
    expect(shown.match(/told|warned|written/g)?.toSorted()).toEqual(['told', 'warned', 'written']);
  },
);
