import { describe, expect, it } from 'vitest';
import { CHECKS } from '../docs/check.ts';
import { parsePage, readPages } from '../docs/page.ts';
import { freshQuote, requoted } from '../docs/requote.ts';

const found = async (check: string, text: string, path = 'docs/page.md') =>
  CHECKS[check]!([parsePage(path, text)]);

const fenced = (language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\`\n`;

describe('documentation', () => {
  const pages = readPages();

  // Commands ask a dozen programs for their help.
  it.each(Object.entries(CHECKS))('has right %s', { timeout: 120_000 }, async (_name, check) => {
    expect(await check(pages)).toEqual([]);
  });

  it('has the pages that are looked for', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/errors.md', 'examples/hello/README.md']),
    );
  });
});

describe('a check of links', () => {
  it('finds a file and a heading that are not there', async () => {
    const text =
      '[a](../README.md#the-map) [b](nowhere.md)\n\n[c](#nothing)\n\n# Here\n\n[d](#here)';
    expect(await found('links', text)).toEqual([
      'docs/page.md:1: Expected a heading of the page, got `../README.md#the-map`',
      'docs/page.md:1: Expected a file or folder, got `nowhere.md`',
      'docs/page.md:3: Expected a heading of the page, got `#nothing`',
    ]);
  });

  it('numbers headings of the same text as GitHub does', async () => {
    expect(await found('links', '# A b\n\n# A b\n\n[x](#a-b-1) [y](#a-b)')).toEqual([]);
  });
});

describe('a check of commands', () => {
  it.each([
    ['npx lpr-router --confg lpr.yaml', '`lpr-router`, got `--confg`'],
    ['A=1 lpr-router check \\\n  --wtach', '`lpr-router`, got `--wtach`'],
    ['lpr-emulator exec --prot=0 -- vitest run --changed', '`lpr-emulator`, got `--prot`'],
    ['npm start -- --confg lpr.yaml # --this', '`npm run start`, got `--confg`'],
    ['npm run loadtest -- --stge 50x60', '`npm run loadtest`, got `--stge`'],
    ['for n in 1 2; do lpr-testkit conformance --uri x & done; wait', '`lpr-testkit`, got `--uri`'],
    ['npm run tset', 'Expected a script of npm, got `npm run tset`'],
    ['npx vitest run examples/helo', 'got `examples/helo`'],
    ['cd examples/helo && ls', 'got `examples/helo`'],
    ['node scripts/biuld.mjs --check', 'got `scripts/biuld.mjs`'],
  ])('finds the mistake in `%s`', async (command, message) => {
    expect(await found('commands', fenced('sh', command))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('looks at code spans that are commands', async () => {
    const text = 'Run `npm run tset` or `lpr-router --wtach`, with `lpr-router` or `npm`.';
    expect(await found('commands', text)).toHaveLength(2);
  });

  it('accepts what there is', async () => {
    const commands = [
      'npm start -- --config examples/mode-a/lpr.yaml',
      'npx lpr-emulator exec -- vitest run --anything',
      'npm run bench -- --help',
    ];
    expect(await found('commands', fenced('sh', commands.join('\n')))).toEqual([]);
  });
});

describe('a check of names', () => {
  it('finds variables, codes and metrics that are not there', async () => {
    // Written out whole it would be in the sources.
    const wrong = ['LPR_LOG', 'LEVLE'].join('_');
    const text = `LPR_LOG_LEVEL ${wrong} LPR_THROTTLED LPR_EMULATOR_PORT LPR_… lpr_batch_size_bucket lpr_batch_sise`;
    expect(await found('names', text)).toEqual([
      expect.stringContaining(wrong),
      expect.stringContaining('lpr_batch_sise'),
    ]);
  });
});

describe('a check of identifiers', () => {
  it('finds names that no source knows', async () => {
    // Written out whole they would be in the sources.
    const wrong = [['max', 'WiatMs'].join(''), ['lpr', 'batch', 'realesed'].join(':')];
    const text = `\`maxWaitMs\`, \`${wrong[0]}: 5\`, \`lpr:batch:released\`, \`${wrong[1]}\`, insecureHTTPParzer`;
    expect(await found('identifiers', text)).toEqual(
      wrong.map((name) => expect.stringContaining(`\`${name}\``)),
    );
  });
});

describe('a check of quotes', () => {
  const file = '`examples/hello/src/hello.ts`:\n\n';

  it('accepts parts in their order, however they are broken into lines', async () => {
    const code =
      "import { withBatchAdapter }\n  from 'lpr-lambda-adapter';\n// …\n  await sleep(20);";
    expect(await found('quotes', file + fenced('ts', code))).toEqual([]);
  });

  it('finds what the file does not say', async () => {
    const swapped =
      "await sleep(20);\n// …\nimport { withBatchAdapter } from 'lpr-lambda-adapter';";
    expect(await found('quotes', file + fenced('ts', 'await sleep(30);'))).toHaveLength(1);
    expect(await found('quotes', file + fenced('ts', swapped))).toHaveLength(1);
    expect(await found('quotes', '`examples/no.ts`:\n\n' + fenced('ts', ''))).toHaveLength(1);
  });

  it('finds code that names no file', async () => {
    expect(await found('quotes', fenced('ts', 'let a;'))).toHaveLength(1);
  });
});

describe('a check of sketches', () => {
  const imported = "import { withBatchAdapter } from 'lpr-lambda-adapter';\n";
  const page = (...codes: string[]) => codes.map((code) => fenced('ts', code)).join('\n');

  it('takes names that nothing declares for anything, and imports of earlier blocks as its own', async () => {
    const later = 'export const handler = withBatchAdapter(handleOne, { concurrency: 8 });';
    expect(await found('sketches', page(imported, later), 'adapter/README.md')).toEqual([]);
  });

  it('finds what does not compile, on its line', async () => {
    const text = page(
      `${imported}\nwithBatchAdapter(handleOne, {\n  concurency: 8,\n});`,
      "import { withBatchAdaptor } from 'lpr-lambda-adapter';",
      'withBatchAdapter(handleOne;',
    );
    const problems = await found('sketches', text, 'adapter/README.md');
    expect(problems).toEqual([
      expect.stringMatching(/^adapter\/README\.md:5: .*concurency/),
      expect.stringMatching(/^adapter\/README\.md:10: .*withBatchAdaptor/),
      expect.stringMatching(/^adapter\/README\.md:14: /),
    ]);
  });
});

describe('a quote that is brought up to date', () => {
  const source = '  first(() => {\n    third();\n  });\n\n  last();\n';

  it('is what stands between its first and its last line now, indented as it was', () => {
    expect(freshQuote('first(() => {\n  second();\n});', source)).toBe(
      'first(() => {\n  third();\n});',
    );
    expect(freshQuote('first(() => {\n// …\nlast();', source)).toBe('first(() => {\n// …\nlast();');
  });

  it('stays as it is when its first line is gone', () => {
    expect(freshQuote('zeroth(() => {\n});', source)).toBe('zeroth(() => {\n});');
  });

  it('leaves the rest of its page alone', () => {
    const page = (line: string) =>
      `# A\n\n\`examples/hello/src/hello.ts\`:\n\n${fenced('ts', `export const handler = withBatchAdapter(async (event) => {\n${line}\n  await sleep(20); // stands for a call to a database`)}\nB\n`;
    const before = parsePage('docs/page.md', page('  const wrong = 1;'));
    const after = page(`  const name = event.pathParameters?.['name'] ?? 'world';`);
    expect(requoted(before)).toBe(after);
    expect(requoted(parsePage('docs/page.md', after))).toBe(after);
  });
});

describe('a check of values', () => {
  it.each([
    ['json', '{"a": }'],
    ['json', '{"v":1,"batch":[{"version":"2.0"}]}'],
    ['json', '{"v":1,"responses":[{"id":"r-1"}]}'],
    ['ndjson', '{"v":1,"id":"r-1","type":"chnuk","body":""}'],
    ['yaml', 'x-lpr:\n  maxWaitMs: 10\n  maxBatchSise: 4'],
    ['yaml', 'MaxBodyBites: 1'],
    ['yaml', 'Emulator:\n  Functions:\n    a:\n      Handlre: src/a.handler'],
  ])('finds the mistake in %s `%s`', async (language, code) => {
    expect(await found('values', fenced(language, code))).not.toEqual([]);
  });

  it.each([
    ['json', '{"message":"…","code":"LPR_THROTTLED"}'],
    ['json', '{"v":1,"responses":[{"id":"r-1","statusCode":200}]}'],
    ['ndjson', '{"v":1,"id":"r-1","type":"chunk","body":"a"}\n{"v":1,"id":"r-1","type":"end"}'],
    ['yaml', 'x-lpr:\n  maxWaitMs: 10\n  maxBatchSize: 4'],
    ['yaml', 'MaxBodyBytes: 1'],
  ])('accepts %s `%s`', async (language, code) => {
    expect(await found('values', fenced(language, code))).toEqual([]);
  });
});

describe('a check of diagrams', () => {
  it('finds one that Mermaid does not parse', async () => {
    expect(await found('diagrams', fenced('mermaid', 'flowchart LR\n  a["x"] --> b'))).toEqual([]);
    expect(await found('diagrams', fenced('mermaid', 'flowchart LR\n  a[[ --> b'))).toHaveLength(1);
  });
});
