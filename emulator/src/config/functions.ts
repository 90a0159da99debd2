import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPart, nearest, parseFunctionArn } from 'lpr-router';
import type { ConfigProblem, Manifest } from 'lpr-router';
import { z } from 'zod';
import { DEFAULT_ACCOUNT_CONCURRENCY } from '../functions/concurrency.ts';
import { DEFAULT_IDLE_MS } from '../functions/environment-pool.ts';
import {
  DEFAULT_MEMORY_MB,
  DEFAULT_TIMEOUT_SECONDS,
  ISOLATIONS,
} from '../functions/function-definition.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { RUNTIME_FORM, nodeMajor } from '../functions/process-definition.ts';
import { shareEnvironment } from '../functions/process-environment.ts';
import type { RegistryOptions } from '../functions/registry.ts';
import { parseHandlerSpec } from '../runtime/handler-spec.ts';
import { eventInvokeSchema, readEventRetries } from './event-invoke-config.ts';
import { faultsSchema, readFaults } from './faults.ts';
import { badNames } from './names.ts';
import { mapping, valueAt } from './raw-manifest.ts';
import { whole } from './whole-number.ts';

const HANDLER_FORM = "`FILE.EXPORT` below the manifest's folder, such as `src/app.handler`";
const RUNTIME = '`nodejs24.x`, `python3.13` or the like; or a `Command`';
const functionSchema = z
  .strictObject({
    Handler: z
      .string({ error: HANDLER_FORM })
      .refine(isHandler, { error: HANDLER_FORM })
      .describe('Module and export, relative to the manifest.'),
    Timeout: whole(1, 900)
      .default(DEFAULT_TIMEOUT_SECONDS)
      .describe('Longest invocation, in seconds.'),
    MemorySize: whole(128, 10_240)
      .default(DEFAULT_MEMORY_MB)
      .describe("What the handler's context says, in MB; enforced with `Isolation: worker`."),
    Isolation: z
      .enum(ISOLATIONS, { error: '`in-process` or `worker`' })
      .optional()
      .describe('Where the function runs. Default: that of `Emulator.Isolation`.'),
    Mode: z
      .enum(['layer'], { error: '`layer`' })
      .optional()
      .describe('`layer`: a process under the real runtime client, behind the batching proxy.'),
    Runtime: z
      .string({ error: RUNTIME })
      .optional()
      .describe('With `Mode: layer`, as in Lambda: `nodejs24.x`, `python3.13`.'),
    Command: z
      .array(z.string({ error: 'a text' }), { error: 'a list of a program and its arguments' })
      .min(1)
      .optional()
      .describe(
        'With `Mode: layer`: runs this, which speaks the Runtime API, in place of a runtime.',
      ),
    Faults: faultsSchema,
    EventInvokeConfig: eventInvokeSchema,
    ReservedConcurrency: whole(0, 100_000)
      .optional()
      .describe('Invocations at once; more are throttled.'),
    Environment: z
      .record(z.string(), z.string({ error: 'a text (quote numbers, `true` and `false`)' }))
      .default({})
      .describe('Variables of `process.env`.'),
  })
  .refine(
    ({ Mode, Runtime = '', Command }) =>
      Mode === undefined || Command !== undefined || RUNTIME_FORM.test(Runtime),
    { path: ['Runtime'], error: RUNTIME },
  );

/** The manifest's key `Emulator`; the router leaves it alone. */
const emulatorSchema = z.strictObject({
  Isolation: z
    .enum(ISOLATIONS, { error: '`in-process` or `worker`' })
    .default('in-process')
    .describe('Where functions run: in the emulator’s process, or in worker threads of their own.'),
  AccountConcurrency: whole(1, 1_000_000)
    .default(DEFAULT_ACCOUNT_CONCURRENCY)
    .describe('Invocations at once, over all functions.'),
  Seed: whole(0, 4_294_967_295).default(1).describe('Makes the faults of functions repeatable.'),
  IdleSeconds: whole(1, 86_400)
    .default(DEFAULT_IDLE_MS / 1000)
    .describe('How long a worker, or a process, is kept without an invocation.'),
  Functions: z
    .record(z.string(), functionSchema)
    .default({})
    .describe('The functions behind the routes, by the names in their ARNs.'),
});

/** The functions of a manifest, or why there are none. */
export interface CheckedFunctions {
  /** Empty when there are problems. */
  readonly functions: readonly FunctionDefinition[];
  /** What holds for all of them. */
  readonly options: RegistryOptions;
  /** Errors, in no particular order. */
  readonly problems: readonly ConfigProblem[];
  /** What works, but not as in Lambda. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads `Emulator.Functions` and checks that every route's target is there. It does not depend on the
 * rest of the manifest being right, so that all mistakes can be shown at once. Functions that are defined
 * `elsewhere`, in a SAM template, are there as well, unless the manifest has one of the same name.
 */
export function checkFunctions(
  manifest: Manifest,
  elsewhere: readonly FunctionDefinition[] = [],
): CheckedFunctions {
  const written = valueAt(manifest.value, ['Emulator']);
  const part =
    written === undefined ? undefined : checkPart(manifest, emulatorSchema, ['Emulator']);
  const problems = [
    ...(part?.problems ?? []),
    ...badNames(manifest),
    ...missingFunctions(manifest, elsewhere),
  ];
  if (problems.length > 0) return { functions: [], options: {}, problems, warnings: [] };
  const baseDirectory = folderOf(manifest.file);
  const emulator = part?.value;
  const own = Object.entries(emulator?.Functions ?? {}).map(
    ([name, settings]): FunctionDefinition => ({
      ...(settings.Faults === undefined ? {} : { faults: readFaults(settings.Faults) }),
      ...(settings.EventInvokeConfig === undefined
        ? {}
        : { eventRetries: readEventRetries(settings.EventInvokeConfig) }),
      name,
      baseDirectory,
      handler: parseHandlerSpec(settings.Handler),
      // A process shares nothing with this one.
      isolation:
        settings.Mode === 'layer'
          ? 'worker'
          : (settings.Isolation ?? emulator?.Isolation ?? 'in-process'),
      ...(settings.Mode === 'layer' ? { process: processOf(settings) } : {}),
      ...(settings.ReservedConcurrency === undefined
        ? {}
        : { reservedConcurrency: settings.ReservedConcurrency }),
      timeoutSeconds: settings.Timeout,
      memoryMb: settings.MemorySize,
      environment: settings.Environment,
    }),
  );
  const names = new Set(own.map(({ name }) => name));
  const functions = [...own, ...elsewhere.filter(({ name }) => !names.has(name))];
  const options =
    emulator === undefined
      ? {}
      : {
          accountConcurrency: emulator.AccountConcurrency,
          idleMs: emulator.IdleSeconds * 1000,
          seed: emulator.Seed,
        };
  const warnings = [...conflicts(manifest, functions), ...otherVersions(manifest, functions)];
  return { functions, options, problems, warnings };
}

function processOf({ Runtime = 'provided.al2023', Command }: z.infer<typeof functionSchema>) {
  return { runtime: Runtime, ...(Command === undefined ? {} : { command: Command }) };
}

// Python's is known once its function is started.
function* otherVersions(
  manifest: Manifest,
  functions: readonly FunctionDefinition[],
): Generator<ConfigProblem> {
  for (const { name, process: definition } of functions) {
    const wanted = definition && nodeMajor(definition.runtime);
    if (wanted === undefined || definition?.command !== undefined) continue;
    if (process.versions.node.startsWith(`${wanted}.`)) continue;
    const place = ['Emulator', 'Functions', name, 'Runtime'];
    yield {
      file: manifest.file,
      position: manifest.locate(place),
      key: place.join('.'),
      expected: `Node.js ${wanted} to run it with`,
      got: process.versions.node,
    };
  }
}

function* missingFunctions(
  manifest: Manifest,
  elsewhere: readonly FunctionDefinition[],
): Generator<ConfigProblem> {
  const names = [
    ...Object.keys(mapping(valueAt(manifest.value, ['Emulator', 'Functions']))),
    ...elsewhere.map(({ name }) => name),
  ];
  for (const [path, methods] of Object.entries(
    mapping(valueAt(manifest.value, ['Spec', 'paths'])),
  )) {
    for (const [method, operation] of Object.entries(mapping(methods))) {
      // What is no ARN is the router's to complain about.
      const name = parseFunctionArn(mapping(operation)['x-target-lambda'])?.functionName;
      if (name === undefined || names.includes(name)) continue;
      const place = ['Spec', 'paths', path, method, 'x-target-lambda'];
      yield {
        file: manifest.file,
        position: manifest.locate(place),
        key: place.join('.'),
        expected: 'a function with an entry in `Emulator.Functions`',
        got: `\`${name}\``,
        suggestion: nearest(name, names),
      };
    }
  }
}

function conflicts(manifest: Manifest, functions: readonly FunctionDefinition[]): ConfigProblem[] {
  return shareEnvironment(functions).moved.map(({ name, variable, because }) => {
    const place = ['Emulator', 'Functions', name, 'Environment', variable];
    return {
      file: manifest.file,
      position: manifest.locate(place),
      key: place.join('.'),
      expected: `the value that \`${because}\` has, to share its process`,
      got: `another, so \`${name}\` runs with \`Isolation: worker\``,
    };
  });
}

function isHandler(text: string): boolean {
  try {
    parseHandlerSpec(text);
    return true;
  } catch {
    return false;
  }
}

function folderOf(file: string): string {
  return dirname(file.startsWith('file:') ? fileURLToPath(file) : resolve(file));
}
