import { stat } from 'node:fs/promises';
import { dirname, resolve as resolvePath } from 'node:path';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from '../functions/function-definition.ts';
import type { EventRetries, FunctionDefinition } from '../functions/function-definition.ts';
import { parseHandlerSpec } from '../runtime/handler-spec.ts';
import { eventInvokeSchema, readEventRetries } from './event-invoke-config.ts';
import { mapping, text } from './raw-manifest.ts';
import type { SamDocument } from './sam-document.ts';
import { sourceOfHandler } from './sam-esbuild.ts';
import { resolve } from './sam-intrinsics.ts';
import type { TemplateScope } from './sam-intrinsics.ts';
import { readLayers } from './sam-layers.ts';

/** Told of what a local run does differently, at a path of the template. */
export type Warn = (path: readonly string[], got: string, expected?: string) => void;

/** Where our layer's wrapper is in Lambda. */
const EXEC_WRAPPER = '/opt/lpr/exec-wrapper.sh';

/** The properties that matter to a local run; roles, tracing and the like do not. */
const PROPERTIES = [
  'CodeUri',
  'Handler',
  'Runtime',
  'Timeout',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Environment',
  'EventInvokeConfig',
];

/** Properties that say that the code is elsewhere than in a folder. */
const ELSEWHERE = ['InlineCode', 'ImageUri'];

/** Those of a function's properties, or of `Globals.Function`, that matter, with what they refer to. */
export function propertiesOf(
  written: unknown,
  path: readonly string[],
  scope: TemplateScope,
): Record<string, unknown> {
  const wanted = Object.entries(mapping(written)).filter(([name]) => PROPERTIES.includes(name));
  return mapping(resolve(Object.fromEntries(wanted), path, scope));
}

/** A function of a template. */
export interface SamFunction {
  readonly document: SamDocument;
  readonly scope: TemplateScope;
  /** `Globals.Function`, as {@link propertiesOf} gives it. */
  readonly globals: Record<string, unknown>;
  readonly logicalId: string;
  /** As in an ARN. */
  readonly name: string;
  readonly resource: Record<string, unknown>;
  readonly warn: Warn;
}

/** The function as the emulator runs it; `undefined`, with a warning, when it cannot. */
export async function readSamFunction(
  source: SamFunction,
): Promise<FunctionDefinition | undefined> {
  const { document, scope, globals, logicalId, name, resource, warn } = source;
  const path = ['Resources', logicalId, 'Properties'];
  const own = propertiesOf(resource['Properties'], path, scope);
  const properties = { ...globals, ...own };
  const skip = (key: string, got: string, expected: string): undefined => {
    warn([...path, key], `${got}; \`${name}\` is left out`, expected);
  };
  const folder = dirname(document.file);
  const elsewhere = ELSEWHERE.find((key) => key in mapping(resource['Properties']));
  if (elsewhere !== undefined) return skip(elsewhere, 'code elsewhere', '`CodeUri` with a folder');
  const code = properties['CodeUri'] ?? '.';
  const baseDirectory = resolvePath(folder, text(code));
  if (text(code) === '' || !(await isFolder(baseDirectory))) {
    return skip('CodeUri', text(code) === '' ? 'no path' : `\`${text(code)}\``, 'a folder here');
  }
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
  const moduleFolders = readLayers(source, runtime, layered);
  const number = (key: string): number | undefined => {
    const value = properties[key];
    if (value === undefined) return undefined;
    if (Number.isFinite(Number(value))) return Number(value);
    warn([...path, key], `\`${text(value)}\`, which is left out`, 'a number');
    return undefined;
  };
  const reserved = number('ReservedConcurrentExecutions');
  const retries = eventRetriesOf(properties['EventInvokeConfig']);
  try {
    return {
      name,
      baseDirectory,
      handler: parseHandlerSpec(sourceOfHandler(text(properties['Handler']), resource['Metadata'])),
      // A process shares nothing with this one.
      isolation: layered ? 'worker' : 'in-process',
      ...(layered ? { process: { runtime } } : {}),
      ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
      ...(retries === undefined ? {} : { eventRetries: retries }),
      ...(moduleFolders.length === 0 ? {} : { moduleFolders }),
      timeoutSeconds: number('Timeout') ?? DEFAULT_TIMEOUT_SECONDS,
      memoryMb: number('MemorySize') ?? DEFAULT_MEMORY_MB,
      environment: variables,
    };
  } catch (error) {
    return skip('Handler', error instanceof Error ? error.message : String(error), '`FILE.EXPORT`');
  }
}

/** Destinations and what else is wrong are Lambda's to refuse. */
function eventRetriesOf(written: unknown): EventRetries | undefined {
  const { DestinationConfig: _, ...settings } = mapping(written);
  const { data } = eventInvokeSchema.safeParse(written === undefined ? undefined : settings);
  return data === undefined ? undefined : readEventRetries(data);
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function variablesOf(environment: unknown): Record<string, string> {
  const variables = Object.entries(mapping(mapping(environment)['Variables']));
  return Object.fromEntries(variables.map(([name, value]) => [name, text(value)]));
}
