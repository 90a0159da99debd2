import { createRouter } from 'lpr-router';
import type { ConfigProblem, InjectRequest, InjectResponse, Router } from 'lpr-router';
import { readSetup } from './config/setup.ts';
import type { Setup, SetupSource } from './config/setup.ts';
import type { FunctionLogged, InvocationEnded } from './functions/channels.ts';
import { contain } from './functions/containment.ts';
import type { FunctionDefinition } from './functions/function-definition.ts';
import type { Preparation } from './functions/invocation.ts';
import { functionInvoker } from './functions/invoker.ts';
import { createRegistry } from './functions/registry.ts';
import { recordHistory } from './history.ts';
import type { RecordedBatch } from './history.ts';
import { createInspector } from './inspector/inspector.ts';
import { INSPECTOR_PATH } from './inspector/inspector-path.ts';
import { startLambdaApi } from './lambda-api/server.ts';
import { DEFAULT_LAMBDA_PORT, DEFAULT_PORT, listenOn } from './listen.ts';
import { Reloader } from './reloader.ts';
import type { Reloaded } from './reloader.ts';

/** Where and how the emulator runs. */
interface Settings {
  /** Of both servers. Default: the manifest's `ListenAddr`, failing that 127.0.0.1. */
  readonly host?: string;
  /** Of the routes; 0 takes a free one. Default: the manifest's `ListenAddr`, failing that 3000 or the next free one. */
  readonly port?: number;
  /** Of the Lambda API; 0 takes a free one. Default: 3001 or the next free one; a free one where `port` is 0. */
  readonly lambdaPort?: number;
  /** Files with variables for all functions; those of the process and of a function count first. */
  readonly envFiles?: readonly string[];
  /** Reload when a handler, something it imports, the manifest or an env file changes. Default false. */
  readonly watch?: boolean;
  /** Serves the inspector at `/__lpr` of the routes, and keeps what it shows. Default false. */
  readonly inspector?: boolean;
  /** Told of each reload. */
  readonly onReload?: (reloaded: Reloaded) => void;
  /** Told of failures of the emulator itself while it serves the Lambda API. */
  readonly onError?: (error: unknown) => void;
}

/** What to run, and how. */
export type StartEmulatorOptions = Settings & SetupSource;

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Of the routes. */
  readonly url: string;
  /** Where both servers listen. */
  readonly host: string;
  /** Of the Lambda API: the value for `AWS_ENDPOINT_URL_LAMBDA`. */
  readonly lambdaUrl: string;
  /** Of the inspector, if it is on. */
  readonly inspectorUrl: string | undefined;
  readonly router: Router;
  readonly functions: readonly FunctionDefinition[];
  /** What loading each handler came to when the emulator started. */
  readonly preparations: ReadonlyMap<string, Preparation>;
  /** What works, but not as in Lambda. */
  readonly warnings: readonly ConfigProblem[];
  /** Sends a request to a path of the routes, through a socket. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request to the routes without a socket. */
  inject(request: InjectRequest): Promise<InjectResponse>;
  /** The last 1000 batches whose requests are all answered, oldest first. */
  batches(): readonly RecordedBatch[];
  /** The last 1000 invocations that are over, the Lambda API's included. */
  invocations(): readonly InvocationEnded[];
  /** The last 1000 lines that functions have written. */
  logs(): readonly FunctionLogged[];
  /** Reads the manifest and loads the functions again; what cannot be loaded changes nothing. */
  reload(): Promise<Reloaded>;
  /** As new: reloads, so that every function is cold, and forgets batches, invocations and logs. */
  reset(): Promise<void>;
  /** Answers what is under way, then stops both servers and forgets the handlers. */
  close(): Promise<void>;
}

/**
 * Starts the production router with the functions of a manifest, or one handler, behind it, and the
 * Lambda API beside it. Handlers are loaded first; one that cannot be is an error of its invocations only.
 *
 * @throws ConfigError with every problem of the manifest, or why a lone handler cannot be loaded
 */
export async function startEmulator(options: StartEmulatorOptions): Promise<Emulator> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    // A lone handler runs before there is a registry.
    closers.push(contain());
    return await serve(options, await read(options), closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(
  options: StartEmulatorOptions,
  setup: Setup,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Emulator> {
  const { config } = setup;
  const { host = config.listen?.host ?? '127.0.0.1', onError } = options;
  const registry = createRegistry(setup.functions, setup.options);
  closers.push(() => registry.close());
  const inspector = options.inspector === true ? createInspector(registry, host) : undefined;
  closers.push(() => inspector?.close());
  const preparations = await registry.prepare();
  inspector?.prepared(preparations);

  const port = options.port ?? config.listen?.port;
  const lambdaPort = options.lambdaPort ?? (port === 0 ? 0 : undefined);
  const functions = inspector?.functions ?? registry;
  const lambdaApi = await listenOn(
    { host, port: lambdaPort, fallback: DEFAULT_LAMBDA_PORT, flag: '--lambda-port' },
    (free) =>
      startLambdaApi({
        registry: functions,
        host,
        port: free,
        ...(onError === undefined ? {} : { onError }),
      }),
  );
  closers.push(() => lambdaApi.close());

  const invoker = functionInvoker(functions);
  const router = await createRouter({ config, invoker, ...inspector?.routerOptions });
  inspector?.attach(router, () => url);
  closers.push(() => router.close());
  // Its pages and replays would be waited for.
  closers.push(() => inspector?.close());
  const history = recordHistory(router.id, (name) => registry.has(name));
  closers.push(() => history.close());
  const url = await listenOn({ host, port, fallback: DEFAULT_PORT, flag: '--port' }, (free) =>
    router.listen({ host, port: free }),
  );

  const reloader = new Reloader({
    setup,
    preparations,
    registry,
    router,
    onReload(reloaded) {
      inspector?.reloaded(reloaded);
      options.onReload?.(reloaded);
    },
    readSetup: () => read(options),
  });
  closers.push(() => reloader.close());
  if (options.watch === true) await reloader.watch();
  return {
    url,
    host,
    lambdaUrl: lambdaApi.url,
    inspectorUrl: inspector && url + INSPECTOR_PATH,
    router,
    get functions() {
      return registry.functions;
    },
    preparations,
    warnings: setup.warnings,
    fetch: (path, init) => fetch(new URL(path, url), init),
    inject: (request) => router.inject(request),
    batches: () => history.batches(),
    invocations: () => history.invocations(),
    logs: () => history.logs(),
    reload: () => reloader.reload(),
    async reset() {
      await reloader.reload();
      history.clear();
      inspector?.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function read({ envFiles = [], inspector, ...source }: StartEmulatorOptions): Promise<Setup> {
  return readSetup(source, { envFiles, inspector: inspector === true });
}
