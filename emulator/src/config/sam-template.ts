import type { ConfigProblem, Manifest } from 'lpr-router';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { mapping, valueAt } from './raw-manifest.ts';
import { readSamDocument } from './sam-document.ts';
import { propertiesOf, readSamFunction } from './sam-function.ts';
import type { Warn } from './sam-function.ts';
import { manifestOf } from './sam-manifest.ts';
import { scopeOf } from './sam-scope.ts';

/** What a SAM template has for a local run. */
export interface SamTemplate {
  readonly functions: readonly FunctionDefinition[];
  /** Of its `Custom::LprConfigPublisher`. */
  readonly manifest: Manifest | undefined;
  /** What a local run leaves out or lets something else stand for. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads the `AWS::Serverless::Function`s of a template, `Globals` included, and its manifest. A function is
 * known by its `FunctionName`, failing that by its logical id.
 *
 * @throws ConfigError for a file that cannot be read or is no YAML
 */
export async function readSamTemplate(file: string): Promise<SamTemplate> {
  const document = await readSamDocument(file);
  const warnings: ConfigProblem[] = [];
  const warn: Warn = (path, got, expected = 'what a local run knows') => {
    warnings.push({ file, position: document.locate(path), key: path.join('.'), expected, got });
  };
  const scope = scopeOf(document.value, warn);
  const path = ['Globals', 'Function'];
  const globals = propertiesOf(valueAt(document.value, path), path, scope);
  const functions: FunctionDefinition[] = [];
  for (const [logicalId, name] of scope.functionNames) {
    const resource = mapping(valueAt(document.value, ['Resources', logicalId]));
    const source = { document, scope, globals, logicalId, name, resource, warn };
    const definition = await readSamFunction(source);
    if (definition !== undefined) functions.push(definition);
  }
  return { functions, manifest: manifestOf(document, scope), warnings };
}
