import {
  ConfigError,
  checkConfig,
  compileConfig,
  createRouter,
  manifestFromObject,
  readManifest,
} from 'lpr-router';
import type { ConfigProblem, Router, RouterConfig } from 'lpr-router';
import { checkFunctions } from './config/functions.ts';
import { singleFunction, singleManifest } from './config/single-handler.ts';
import type { FunctionDefinition } from './functions/function-definition.ts';
import type { Preparation } from './functions/invocation.ts';
import { InProcessEnvironment } from './functions/in-process.ts';
import { functionInvoker } from './functions/invoker.ts';
import { createRegistry } from './functions/registry.ts';
import { startLambdaApi } from './lambda-api/server.ts';
import type { FunctionErrorPayload } from './runtime/errors.ts';

/** Where the emulator listens. */
interface Addresses {
  /** Of both servers. Default: the manifest's `ListenAddr`, failing that 127.0.0.1. */
  readonly host?: string;
  /** Of the routes; 0 takes a free one. Default: the manifest's `ListenAddr`, failing that 3000. */
  readonly port?: number;
  /** Of the Lambda API; 0 takes a free one. Default: 3001, or a free one where `port` is 0. */
  readonly lambdaPort?: number;
  /** Told of failures of the emulator itself while it serves the Lambda API. */
  readonly onError?: (error: unknown) => void;
}

/** A manifest (its location, or as an object), or a handler (`app.ts` or `dir/app.export`) without one. */
export type StartEmulatorOptions = Addresses &
  (
    | { readonly config: string | object; readonly handler?: never }
    | { readonly handler: string; readonly config?: never }
  );

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Of the routes. */
  readonly url: string;
  /** Of the Lambda API: the value for `AWS_ENDPOINT_URL_LAMBDA`. */
  readonly lambdaUrl: string;
  readonly router: Router;
  readonly functions: readonly FunctionDefinition[];
  /** What loading each handler came to when the emulator started. */
  readonly preparations: ReadonlyMap<string, Preparation>;
  /** What works, but not as in Lambda. */
  readonly warnings: readonly ConfigProblem[];
  /** Answers what is under way, then stops both servers and forgets the handlers. */
  close(): Promise<void>;
}

/** What there is to run. */
interface Setup {
  readonly config: RouterConfig;
  readonly functions: readonly FunctionDefinition[];
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Starts the production router with the functions of a manifest, or one handler, behind it, and the
 * Lambda API beside it. Handlers are loaded first; one that cannot be is an error of its invocations only.
 *
 * @throws ConfigError with every problem of the manifest, or why a lone handler cannot be loaded
 */
export async function startEmulator(options: StartEmulatorOptions): Promise<Emulator> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const setup = await (options.handler === undefined
      ? fromManifest(options.config)
      : fromHandler(options.handler));
    return await serve(options, setup, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(
  options: Addresses,
  setup: Setup,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Emulator> {
  const { config, functions, warnings } = setup;
  const registry = createRegistry(functions);
  closers.push(() => registry.close());
  const preparations = await registry.prepare();
  const { host, port, lambdaPort } = addresses(options, config);

  const { onError } = options;
  const lambdaApi = await startLambdaApi({
    registry,
    host,
    port: lambdaPort,
    ...(onError === undefined ? {} : { onError }),
  }).catch((error: unknown) => {
    throw portError(error, lambdaPort, '--lambda-port');
  });
  closers.push(() => lambdaApi.close());

  const router = await createRouter({ config, invoker: functionInvoker(registry) });
  closers.push(() => router.close());
  const url = await router.listen({ host, port }).catch((error: unknown) => {
    throw portError(error, port, '--port');
  });
  return {
    url,
    lambdaUrl: lambdaApi.url,
    router,
    functions,
    preparations,
    warnings,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function fromManifest(location: string | object): Promise<Setup> {
  const manifest =
    typeof location === 'string' ? await readManifest(location) : manifestFromObject(location);
  const { config, problems } = checkConfig(manifest, { listenAddr: 'optional' });
  const checked = checkFunctions(manifest);
  if (config === undefined || checked.problems.length > 0) {
    throw new ConfigError([...problems, ...checked.problems]);
  }
  return { config, functions: checked.functions, warnings: checked.warnings };
}

async function fromHandler(argument: string): Promise<Setup> {
  const definition = singleFunction(argument, process.cwd());
  const environment = new InProcessEnvironment(definition);
  const preparation = await environment.prepare();
  await environment.close();
  if (preparation.type === 'failed') throw unloadable(argument, preparation.error);
  const manifest = manifestFromObject(singleManifest(definition, preparation.streaming), argument);
  const config = compileConfig(manifest, { listenAddr: 'optional' });
  return { config, functions: [definition], warnings: [] };
}

function unloadable(file: string, error: FunctionErrorPayload): ConfigError {
  const got = `${error.errorType}: ${error.errorMessage}`;
  const expected = 'a handler that can be loaded';
  return new ConfigError([{ file, position: undefined, key: 'handler', expected, got }]);
}

function addresses(options: Addresses, config: RouterConfig) {
  const { host = config.listen?.host ?? '127.0.0.1', port = config.listen?.port ?? 3000 } = options;
  return { host, port, lambdaPort: options.lambdaPort ?? (port === 0 ? 0 : 3001) };
}

function portError(error: unknown, port: number, flag: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE') return error;
  return new Error(`Port ${port} is in use; choose another with \`${flag}\``, { cause: error });
}
