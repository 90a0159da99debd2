import type { CreateRouterOptions, Operation, Router } from 'lpr-router';
import { describeReload } from '../console/describe-reload.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import type { Preparation } from '../functions/invocation.ts';
import type { FunctionRegistry, InvocableFunctions } from '../functions/registry.ts';
import type { Reloaded } from '../reloader.ts';
import { EventStream } from './event-stream.ts';
import { INSPECTOR_PATH } from './inspector-path.ts';
import type { FunctionSummary, ReloadNote, RouteSummary, Setting } from './messages.ts';
import { recordFunctions } from './record-functions.ts';
import { recordInvocations } from './record-invocations.ts';
import { recordRequest, recordRouter } from './record-router.ts';
import { Recording } from './recording.ts';
import { Replayer } from './replay.ts';
import { serve } from './serve.ts';

/** The inspector of one emulator: what it records, and the page that shows it. */
export interface Inspector {
  /** The registry's functions, recorded. */
  readonly functions: InvocableFunctions;
  /** For the router, which is made with them. */
  readonly routerOptions: Pick<CreateRouterOptions, 'mount' | 'observe'>;
  /** Begins to record a router that listens, or is about to, at `url()`. */
  attach(router: Router, url: () => string): void;
  /** What loading the handlers came to. */
  prepared(preparations: ReadonlyMap<string, Preparation>): void;
  reloaded(reloaded: Reloaded): void;
  /** Forgets what is over. */
  clear(): void;
  close(): void;
}

/** Makes an inspector, before the handlers of the registry are loaded. */
export function createInspector(registry: FunctionRegistry, host: string): Inspector {
  const recording = new Recording();
  const stops = [recordFunctions(recording, (name) => registry.has(name))];
  let attached: { readonly router: Router; readonly url: () => string } | undefined;
  let preparations: ReadonlyMap<string, Preparation> = new Map();
  let reload: ReloadNote | undefined;
  const replayer = new Replayer(recording, () => attached?.url() ?? '');
  const setting = (): Setting => ({
    routes: (attached?.router.config.operations ?? []).map(describeRoute),
    functions: registry.functions.map((one) => describeFunction(one, preparations.get(one.name))),
    ...(reload === undefined ? {} : { reload }),
  });
  const events = new EventStream(recording, setting);

  return {
    functions: recordInvocations(registry, recording),
    routerOptions: {
      mount: {
        path: INSPECTOR_PATH,
        handle(request, response) {
          serve(request, response, { recording, events, replayer, host }).catch((error: unknown) =>
            response.destroy(error instanceof Error ? error : undefined),
          );
        },
      },
      observe: (request) =>
        recordRequest(recording, request, replayer.originalOf(request.request, request.requestId)),
    },
    attach(router, url) {
      attached = { router, url };
      stops.push(recordRouter(recording, router.id));
    },
    prepared(next) {
      preparations = new Map([...preparations, ...next]);
      events.settingChanged();
    },
    reloaded(reloaded) {
      reload = {
        atMs: Date.now(),
        ok: reloaded.type === 'reloaded',
        text: describeReload(reloaded),
      };
      events.settingChanged();
    },
    clear: () => recording.clear(),
    close() {
      for (const stop of stops) stop();
      replayer.close();
      events.close();
    },
  };
}

function describeRoute(operation: Operation): RouteSummary {
  const { method, path, functionName, maxBatchSize, maxWaitMs, invokeMode } = operation;
  const streaming = invokeMode === 'response_stream';
  return { method, path, functionName, maxBatchSize, maxWaitMs, streaming };
}

function describeFunction(
  definition: FunctionDefinition,
  preparation: Preparation | undefined,
): FunctionSummary {
  const { name, handler, isolation, process, timeoutSeconds, memoryMb } = definition;
  const { reservedConcurrency } = definition;
  return {
    name,
    handler: handler.text,
    runsIn: process === undefined ? isolation : `process (${process.runtime})`,
    timeoutSeconds,
    memoryMb,
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    faults: definition.faults !== undefined,
    ...(preparation?.type === 'failed' ? { error: preparation.error } : {}),
  };
}
