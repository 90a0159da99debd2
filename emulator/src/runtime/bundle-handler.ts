import { extname, resolve, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { BuildFailure, BuildResult, Message, Plugin } from 'esbuild';
import { RuntimeError, RuntimeErrorType } from './errors.ts';
import { REQUIRED_PACKAGE, externalPackages } from './external-packages.ts';
import { IDENTITY_DEFINES, moduleIdentity } from './module-identity.ts';

/** A handler's module and everything of the project that it imports, as one piece of JavaScript. */
export interface Bundle {
  readonly code: string;
  /** CommonJS stays CommonJS, because modules are always strict code. */
  readonly format: 'esm' | 'cjs';
  /** Absolute paths of all files that went in: what to watch. */
  readonly inputs: readonly string[];
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const VIRTUAL = `${REQUIRED_PACKAGE}:`;

/**
 * Bundles the module at `entry` with its `tsconfig.json`, for running from `outputFile` (source maps
 * are inline and relative to it). Throws `Runtime.ImportModuleError` for an import that leads nowhere and
 * `Runtime.UserCodeSyntaxError` for code that cannot be parsed.
 */
export async function bundleHandler(
  entry: string,
  outputFile: string,
  moduleFolders: readonly string[] = [],
): Promise<Bundle> {
  const run = (format: 'esm' | 'cjs') => bundle(entry, outputFile, { format, moduleFolders });
  const written = extname(entry);
  if (written === '.cjs' || written === '.cts') return run('cjs');
  const module = await run('esm');
  return module.format === 'esm' ? module : run('cjs');
}

async function bundle(
  entry: string,
  outputFile: string,
  { format, moduleFolders }: Pick<Bundle, 'format'> & { moduleFolders: readonly string[] },
): Promise<Bundle> {
  const directory = dirname(entry);
  const read = new Set<string>();
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: directory,
    outfile: outputFile,
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format,
    target: `node${process.versions.node}`,
    // Node's own conditions and fields: esbuild would otherwise add `module`, which Node never reads.
    conditions: ['module-sync', 'node-addons'],
    mainFields: ['main'],
    nodePaths: [...moduleFolders],
    sourcemap: 'inline',
    sourcesContent: false,
    keepNames: true,
    logLevel: 'silent',
    define: IDENTITY_DEFINES,
    banner: { js: banner(entry, format) },
    plugins: [noteInputs(read), externalPackages(format), moduleIdentity],
  }).catch((error: unknown) => {
    throw isBuildFailure(error) ? toRuntimeError(error, directory, read) : error;
  });
  return describe(result, directory, format);
}

// A `require` that esbuild could not follow (a computed path) starts at the handler, not at the bundle.
function banner(entry: string, format: 'esm' | 'cjs'): string {
  const from = JSON.stringify(pathToFileURL(entry).href);
  return format === 'cjs'
    ? `require = require("node:module").createRequire(${from});`
    : `import { createRequire as __lprCreateRequire } from "node:module"; var require = __lprCreateRequire(${from});`;
}

function describe(
  result: BuildResult<{ write: false; metafile: true }>,
  directory: string,
  format: 'esm' | 'cjs',
): Bundle {
  const { inputs, outputs } = result.metafile;
  const main = Object.values(outputs).find((output) => output.entryPoint !== undefined)?.entryPoint;
  return {
    code: result.outputFiles[0]?.text ?? '',
    format: main !== undefined && inputs[main]?.format === 'cjs' ? 'cjs' : format,
    inputs: Object.keys(inputs)
      .filter((path) => !path.startsWith(VIRTUAL))
      .map((path) => resolve(directory, path)),
  };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function noteInputs(read: Set<string>): Plugin {
  return {
    name: 'lpr-inputs',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
        read.add(path);
        return undefined;
      });
    },
  };
}

function toRuntimeError(
  failure: BuildFailure,
  directory: string,
  read: ReadonlySet<string>,
): Error {
  const first = failure.errors[0];
  if (first === undefined) return failure;
  const missing = /^Could not resolve "(?<path>.*)"$/.exec(first.text)?.groups?.['path'];
  if (missing !== undefined) {
    const message = `Error: Cannot find module '${missing}'\nRequire stack:\n- ${place(first, directory)}`;
    const wanted =
      first.location === null ? [] : candidates(first.location.file, directory, missing);
    const inputs = [...read, ...wanted];
    return new RuntimeError(RuntimeErrorType.importModule, message, { cause: failure, inputs });
  }
  const message = `SyntaxError: ${first.text}`;
  const options = { cause: failure, inputs: [...read] };
  const error = new RuntimeError(RuntimeErrorType.userCodeSyntax, message, options);
  error.stack = [place(first, directory), ...excerpt(first), '', message].join('\n');
  return error;
}

/** The files that an import may have meant. */
function candidates(importer: string, directory: string, path: string): string[] {
  if (!path.startsWith('.')) return [];
  const file = resolve(directory, dirname(importer), path);
  // TypeScript imports its own files by the names that they will have.
  const bare = file.replace(/\.[cm]?jsx?$/, '');
  return [
    file,
    ...EXTENSIONS.flatMap((extension) => [bare + extension, `${file}/index${extension}`]),
  ];
}

function place({ location }: Message, directory: string): string {
  if (location === null) return directory;
  return `${resolve(directory, location.file)}:${location.line}:${location.column + 1}`;
}

function excerpt({ location }: Message): string[] {
  if (location === null) return [];
  const marks = '^'.repeat(Math.max(1, location.length));
  return [location.lineText, ' '.repeat(location.column) + marks];
}
