import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ConfigError,
  checkConfig,
  compileConfig,
  manifestFromObject,
  readManifest,
} from 'lpr-router';
import type { ConfigProblem, Manifest, RouterConfig } from 'lpr-router';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { InProcessEnvironment } from '../functions/in-process.ts';
import { applyVariables } from '../functions/process-environment.ts';
import type { RegistryOptions } from '../functions/registry.ts';
import { errorText, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { readEnvFiles } from './env-file.ts';
import { checkFunctions } from './functions.ts';
import { takenByInspector } from './inspector-paths.ts';
import { MANIFEST_TYPE } from './sam-manifest.ts';
import { readSamTemplate } from './sam-template.ts';
import type { SamTemplate } from './sam-template.ts';
import { singleFunction, singleManifest } from './single-handler.ts';

/** A manifest (its location, or as an object), or a handler (`app.ts` or `dir/app.export`) without one. */
export type SetupSource =
  | {
      readonly config: string | object;
      /** A SAM template with functions beside those of the manifest's `Emulator.Functions`. */
      readonly template?: string;
      readonly handler?: never;
    }
  | {
      /** A SAM template with a manifest of its own, in a `Custom::LprConfigPublisher`. */
      readonly template: string;
      readonly config?: never;
      readonly handler?: never;
    }
  | {
      readonly handler: string;
      /** The handler knows nothing of batches: each request is an invocation of its own. */
      readonly single?: boolean;
      readonly config?: never;
      readonly template?: never;
    };

/** What there is to run. */
export interface Setup {
  readonly config: RouterConfig;
  readonly functions: readonly FunctionDefinition[];
  readonly options: RegistryOptions;
  readonly warnings: readonly ConfigProblem[];
  /** Absolute paths of the files that it was read from. */
  readonly files: readonly string[];
  /** The routes are those of a lone handler: whether they stream depends on how it answers. */
  readonly lone: boolean;
}

/** What else there is to know. */
export interface SetupOptions {
  readonly envFiles: readonly string[];
  /** Whether the inspector's paths are taken. */
  readonly inspector: boolean;
}

const NO_TEMPLATE: SamTemplate = { functions: [], manifest: undefined, warnings: [] };

/** @throws ConfigError with every problem of the manifest, or why a lone handler cannot be loaded */
export async function readSetup(
  source: SetupSource,
  { envFiles, inspector }: SetupOptions,
): Promise<Setup> {
  const defaults = await readEnvFiles(envFiles);
  const setup = await (source.handler === undefined
    ? fromManifest(source.config, source.template, inspector)
    : fromHandler(source, defaults));
  return {
    ...setup,
    options: { ...setup.options, defaults },
    files: [...setup.files, ...envFiles.map((file) => resolve(file))],
  };
}

async function fromManifest(
  location: string | object | undefined,
  templateFile: string | undefined,
  inspector: boolean,
): Promise<Setup> {
  const template = templateFile === undefined ? NO_TEMPLATE : await readSamTemplate(templateFile);
  const manifest = await manifestAt(location, template, templateFile);
  const { config, problems } = checkConfig(manifest, { listenAddr: 'optional' });
  const checked = checkFunctions(manifest, template.functions);
  const taken = inspector ? [...takenByInspector(manifest)] : [];
  if (config === undefined || checked.problems.length > 0 || taken.length > 0) {
    throw new ConfigError([...problems, ...checked.problems, ...taken]);
  }
  const { functions, options } = checked;
  const files = [
    ...(typeof location === 'string' ? localFile(location) : []),
    ...(templateFile === undefined ? [] : [resolve(templateFile)]),
  ];
  const warnings = [...template.warnings, ...checked.warnings];
  return { config, functions, options, warnings, files, lone: false };
}

async function manifestAt(
  location: string | object | undefined,
  template: SamTemplate,
  file = 'template',
): Promise<Manifest> {
  if (typeof location === 'string') return readManifest(location);
  if (location !== undefined) return manifestFromObject(location);
  if (template.manifest !== undefined) return template.manifest;
  const expected = `a \`${MANIFEST_TYPE}\` with the routes, or \`--config FILE\``;
  throw new ConfigError([{ file, position: undefined, key: 'Resources', expected, got: 'none' }]);
}

async function fromHandler(
  { handler: argument, single = false }: Extract<SetupSource, { handler: string }>,
  defaults: Readonly<Record<string, string>>,
): Promise<Setup> {
  const definition = definitionOf(argument);
  const own = Object.entries(defaults).filter(([name]) => process.env[name] === undefined);
  const restore = applyVariables(new Map(own));
  const environment = new InProcessEnvironment(definition);
  const preparation = await environment.prepare();
  await environment.close();
  restore();
  if (preparation.type === 'failed') throw unloadable(argument, preparation.error);
  const { streaming } = preparation;
  const manifest = manifestFromObject(singleManifest(definition, { streaming, single }), argument);
  const config = compileConfig(manifest, { listenAddr: 'optional' });
  return { config, functions: [definition], options: {}, warnings: [], files: [], lone: true };
}

function definitionOf(argument: string): FunctionDefinition {
  try {
    return singleFunction(argument, process.cwd());
  } catch (error) {
    const { errorType, errorMessage } = toErrorPayload(error);
    throw unloadable(argument, { errorType, errorMessage });
  }
}

function localFile(location: string): string[] {
  if (location.startsWith('file:')) return [fileURLToPath(location)];
  return location.includes('://') ? [] : [resolve(location)];
}

function unloadable(file: string, error: FunctionErrorPayload): ConfigError {
  const expected = 'a handler that can be loaded';
  const got = errorText(error);
  return new ConfigError([{ file, position: undefined, key: 'handler', expected, got }]);
}
