import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve as resolvePath } from 'node:path';
import { ConfigError } from 'lpr-router';
import type { ConfigProblem } from 'lpr-router';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from '../functions/function-definition.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { parseHandlerSpec } from '../runtime/handler-spec.ts';
import { mapping, text, valueAt } from './raw-manifest.ts';
import { resolve } from './sam-intrinsics.ts';
import type { TemplateScope } from './sam-intrinsics.ts';
import { INTRINSIC_TAGS } from './sam-yaml.ts';

/** The functions of a SAM template. */
export interface SamTemplate {
  readonly functions: readonly FunctionDefinition[];
  /** What a local run leaves out or lets something else stand for. */
  readonly warnings: readonly ConfigProblem[];
}

/** Where our layer's wrapper is in Lambda. */
const EXEC_WRAPPER = '/opt/lpr/exec-wrapper.sh';

/**
 * Reads the `AWS::Serverless::Function`s of a template, `Globals` included. A function is known by its
 * `FunctionName`, failing that by its logical id.
 *
 * @throws ConfigError for a file that cannot be read or is no YAML
 */
export async function readSamTemplate(file: string): Promise<SamTemplate> {
  const lines = new LineCounter();
  const document = parseDocument(await read(file), {
    lineCounter: lines,
    customTags: INTRINSIC_TAGS,
    logLevel: 'silent',
  });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const position = { line, column: col };
    throw new ConfigError([
      { file, position, key: 'template', expected: 'YAML', got: broken.message },
    ]);
  }
  const template: unknown = document.toJS();
  const warnings: ConfigProblem[] = [];
  const warn = (
    path: readonly string[],
    got: string,
    expected = 'what a local run knows',
  ): void => {
    const position = locate(document, lines, path);
    warnings.push({ file, position, key: path.join('.'), expected, got });
  };
  const scope: TemplateScope = { ...namesOf(template), warn };
  const functions: FunctionDefinition[] = [];
  for (const [logicalId, name] of scope.functionNames) {
    const definition = await readFunction({ file, template, scope, logicalId, name, warn });
    if (definition !== undefined) functions.push(definition);
  }
  return { functions, warnings };
}

interface FunctionSource {
  readonly file: string;
  readonly template: unknown;
  readonly scope: TemplateScope;
  readonly logicalId: string;
  readonly name: string;
  readonly warn: (path: readonly string[], got: string, expected?: string) => void;
}

async function readFunction(source: FunctionSource): Promise<FunctionDefinition | undefined> {
  const { file, template, scope, logicalId, name, warn } = source;
  const path = ['Resources', logicalId, 'Properties'];
  const globals = mapping(resolve(valueAt(template, ['Globals', 'Function']), ['Globals'], scope));
  const own = mapping(resolve(valueAt(template, path), path, scope));
  const properties = { ...globals, ...own };
  const skip = (key: string, got: string, expected: string): undefined => {
    warn([...path, key], `${got}; \`${name}\` is left out`, expected);
  };
  const baseDirectory = resolvePath(dirname(file), text(properties['CodeUri'] ?? '.'));
  const isFolder = await stat(baseDirectory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return skip('CodeUri', `\`${text(properties['CodeUri'])}\``, 'a folder here');
  const environment = {
    ...variablesOf(globals['Environment']),
    ...variablesOf(own['Environment']),
  };
  const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, ...variables } = environment;
  const layered = wrapper === EXEC_WRAPPER;
  const runtime = text(properties['Runtime']);
  if (!layered && !runtime.startsWith('nodejs')) {
    return skip('Runtime', `\`${runtime}\``, `\`nodejs…\`, or our layer with \`${EXEC_WRAPPER}\``);
  }
  const reserved = properties['ReservedConcurrentExecutions'];
  try {
    return {
      name,
      baseDirectory,
      handler: parseHandlerSpec(text(properties['Handler'])),
      // A process shares nothing with this one.
      isolation: layered ? 'worker' : 'in-process',
      ...(layered ? { process: { runtime } } : {}),
      ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
      timeoutSeconds: Number(properties['Timeout'] ?? DEFAULT_TIMEOUT_SECONDS),
      memoryMb: Number(properties['MemorySize'] ?? DEFAULT_MEMORY_MB),
      environment: variables,
    };
  } catch (error) {
    return skip('Handler', error instanceof Error ? error.message : String(error), '`FILE.EXPORT`');
  }
}

function namesOf(template: unknown): Omit<TemplateScope, 'warn'> {
  const parameters = new Map(
    Object.entries(mapping(valueAt(template, ['Parameters']))).map(([name, parameter]) => [
      name,
      mapping(parameter)['Default'],
    ]),
  );
  const silent: TemplateScope = { parameters, functionNames: new Map(), warn: () => undefined };
  const functionNames = new Map<string, string>();
  for (const [logicalId, resource] of Object.entries(mapping(valueAt(template, ['Resources'])))) {
    if (mapping(resource)['Type'] !== 'AWS::Serverless::Function') continue;
    const named = resolve(valueAt(resource, ['Properties', 'FunctionName']), [], silent);
    functionNames.set(logicalId, typeof named === 'string' ? named : logicalId);
  }
  return { parameters, functionNames };
}

function variablesOf(environment: unknown): Record<string, string> {
  const variables = Object.entries(mapping(mapping(environment)['Variables']));
  return Object.fromEntries(
    variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)]])),
  );
}

function locate(document: Document, lines: LineCounter, path: readonly string[]) {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = mapping(node)['range'] as readonly number[] | undefined;
    if (range?.[0] === undefined) continue;
    const { line, col } = lines.linePos(range[0]);
    return { line, column: col };
  }
  return undefined;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const problem = { file, position: undefined, key: '--template', expected: 'a readable file' };
    throw new ConfigError([{ ...problem, got }], { cause });
  }
}
