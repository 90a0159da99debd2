import ts from 'typescript';
import { problemAt } from '../page.ts';
import type { CodeBlock, Page, Problem } from '../page.ts';
import { absolute } from '../repository.ts';

const LANGUAGES = new Set(['ts', 'js', 'mjs', 'tsx']);
/** What comes of names that a sketch leaves to its reader. Parameters of unknown functions have no type. */
const UNKNOWN_NAME = new Set([2304, 2552, 2593, 7006, 7031, 18004]);
const IMPORT = /^import (?:type )?\{.*\} from '.*';$/gm;

interface Sketch extends CodeBlock {
  readonly page: Page;
  /** Imports of earlier blocks of the page, on one line. */
  readonly imports: string;
}

/**
 * Code that quotes no file compiles, with the imports of earlier blocks of its page; names that nothing
 * declares are taken for anything. So what packages export, and the types of their options, are as shown.
 */
export function checkSketches(pages: readonly Page[]): Problem[] {
  const sketches = new Map(
    pages.flatMap(sketchesOf).map((sketch, index) => [absolute(`sketch-${index}.ts`), sketch]),
  );
  const program = createProgram(sketches);
  return [...sketches].flatMap(([name, sketch]) => {
    const source = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => !UNKNOWN_NAME.has(code))
      .flatMap(({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start);
        // The first line is that of the imports, which were looked at in their own blocks.
        if (line === 0) return [];
        const message = ts.flattenDiagnosticMessageText(messageText, ' ');
        return [problemAt(sketch.page, sketch.line + line - 1, message)];
      });
  });
}

function sketchesOf(page: Page): Sketch[] {
  const blocks = page.blocks.filter(
    ({ language, quotedFrom }) => LANGUAGES.has(language) && quotedFrom === undefined,
  );
  return blocks.map((block, index) => {
    const before = blocks.slice(0, index).flatMap(({ code }) => code.match(IMPORT) ?? []);
    const own = new Set(block.code.match(IMPORT));
    const imports = [...new Set(before)].filter((line) => !own.has(line)).join(' ');
    return { ...block, page, imports };
  });
}

function createProgram(sketches: ReadonlyMap<string, Sketch>): ts.Program {
  const { config } = ts.readConfigFile(absolute('tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, absolute('.'), {
    noUnusedLocals: false,
    noUnusedParameters: false,
  });
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => sketches.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const sketch = sketches.get(name);
    if (sketch === undefined) return getSourceFile(name, ...rest);
    return ts.createSourceFile(name, `${sketch.imports}\n${sketch.code}\nexport {};`, rest[0]);
  };
  return ts.createProgram([...sketches.keys()], options, host);
}
