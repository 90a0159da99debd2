import { formatProblem, parseManifest } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { checkFunctions } from '../../src/config/functions.ts';

const check = (settings: string) =>
  checkFunctions(
    parseManifest(
      `Emulator:\n  Functions:\n    app:\n      Handler: app.handler\n${settings}`,
      'lpr.yaml',
    ),
  );
const MINE = process.versions.node.split('.')[0];

describe('a function with `Mode: layer`', () => {
  it('runs as a process, which shares no variables with others', () => {
    const { functions, problems, warnings } = check(
      `      Mode: layer\n      Runtime: nodejs${MINE}.x\n`,
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
    expect(functions[0]).toMatchObject({
      isolation: 'worker',
      process: { runtime: `nodejs${MINE}.x` },
    });
  });

  it('may have a command in place of a runtime', () => {
    const { functions, problems } = check(
      '      Mode: layer\n      Command: [./bootstrap, --fast]\n',
    );
    expect(problems).toEqual([]);
    expect(functions[0]?.process).toEqual({
      runtime: 'provided.al2023',
      command: ['./bootstrap', '--fast'],
    });
  });

  it.each([
    ['      Mode: layer\n', 'Runtime'],
    ['      Mode: layer\n      Runtime: java21\n', 'Runtime'],
    ['      Mode: layers\n', 'Mode'],
    ['      Mode: layer\n      Command: []\n', 'Command'],
  ])('is refused when nothing could run it: %j', (settings, key) => {
    const { problems } = check(settings);
    expect(problems.map((problem) => problem.key)).toEqual([`Emulator.Functions.app.${key}`]);
  });

  it('warns when the Node.js is another one', () => {
    const { warnings } = check('      Mode: layer\n      Runtime: nodejs18.x\n');
    expect(warnings.map(formatProblem)).toEqual([
      'lpr.yaml:6:16: Emulator.Functions.app.Runtime: expected Node.js 18 to run it with, ' +
        `got ${process.versions.node}`,
    ]);
  });
});
