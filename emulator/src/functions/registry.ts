import { randomUUID } from 'node:crypto';
import { channels } from './channels.ts';
import type { InvocationEnded } from './channels.ts';
import { ConcurrencyGate, DEFAULT_ACCOUNT_CONCURRENCY, ThrottledError } from './concurrency.ts';
import { contain } from './containment.ts';
import { createEnvironment } from './create-environment.ts';
import { FaultyEnvironment } from './faulty-environment.ts';
import type { FunctionDefinition } from './function-definition.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { applyVariables, reservedVariables, shareEnvironment } from './process-environment.ts';
import type { MovedFunction } from './process-environment.ts';
import { seededRandom } from './random.ts';
import { warnOfAnswer, warnOfPayload, warnOfStream } from './size-warnings.ts';

/** A call of a function that the registry does not have. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
  readonly functionName: string;

  constructor(functionName: string, known: readonly string[]) {
    const names = known.map((name) => `\`${name}\``).join(', ');
    super(
      `Expected the name of a function (${names || 'there are none'}), got \`${functionName}\``,
    );
    this.functionName = functionName;
  }
}

/** What holds for all functions of an emulator. */
export interface RegistryOptions {
  /** Invocations at once, in all functions without reserved concurrency and what the others reserve. */
  readonly accountConcurrency?: number;
  /** How long a worker is kept without an invocation. */
  readonly idleMs?: number;
  /** Makes the faults of all functions repeatable. */
  readonly seed?: number;
  /** Variables for all functions, unless the process or a function has them. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** What putting other functions in place of those that were there came to. */
export interface Replacement {
  /** False: a function that worked cannot be loaded any more, so everything stays as it was. */
  readonly replaced: boolean;
  /** Of the functions that were loaded anew. */
  readonly preparations: ReadonlyMap<string, Preparation>;
}

/** The functions of one emulator. */
export interface FunctionRegistry {
  readonly functions: readonly FunctionDefinition[];
  /** Functions that were to share this process and cannot. */
  readonly moved: readonly MovedFunction[];
  has(name: string): boolean;
  /** Loads every handler that is not loaded; what that came to, by function. */
  prepare(): Promise<ReadonlyMap<string, Preparation>>;
  /**
   * Rejects with an `UnknownFunctionError`, a `ThrottledError` or the reason of the caller's signal; see
   * {@link FunctionOutcome}.
   */
  invoke(name: string, invocation: FunctionInvocation): Promise<FunctionOutcome>;
  /**
   * Loads `functions` (of those that were there before, only the ones named in `changed`), then invokes
   * those; what is under way ends where it began.
   */
  replace(
    functions: readonly FunctionDefinition[],
    options?: RegistryOptions & { readonly changed?: ReadonlySet<string> },
  ): Promise<Replacement>;
  /** Forgets all handlers and restores the environment variables. */
  close(): Promise<void>;
}

/** Those of a registry that can be invoked, for whoever does no more than that. */
export type InvocableFunctions = Pick<FunctionRegistry, 'functions' | 'has' | 'invoke'>;

interface Slot {
  readonly definition: FunctionDefinition;
  readonly environment: ExecutionEnvironment;
  /** Whether the next invocation is throttled on purpose. */
  readonly throttles: () => boolean;
  running: number;
  broken: boolean;
}

type Slots = ReadonlyMap<string, Slot>;

/**
 * Makes a registry. Until `close()` the variables of functions that run in this process are set in
 * `process.env`, which handlers read while they are loaded, and their late errors are contained.
 */
export function createRegistry(
  functions: readonly FunctionDefinition[],
  options: RegistryOptions = {},
): FunctionRegistry {
  const base = { ...process.env };
  const gate = new ConcurrencyGate();
  const leaving = new Map<string, () => void>();
  const retired = new Set<Slot>();
  const release = contain();
  let closing: Promise<unknown> = Promise.resolve();
  let restore = (): void => undefined;
  let current = describe(functions, options);
  let slots: Slots = new Map(
    current.functions.map((definition) => [definition.name, open(definition, options)]),
  );
  setVariables();

  function describe(next: readonly FunctionDefinition[], settings: RegistryOptions) {
    return { ...shareEnvironment(next), options: settings };
  }

  function setVariables(): void {
    restore();
    const defaults = Object.entries(current.options.defaults ?? {});
    const local = current.functions.filter(({ isolation }) => isolation === 'in-process');
    restore = applyVariables(
      new Map([
        ...defaults.filter(([name]) => base[name] === undefined),
        ...reservedVariables(local),
        ...current.variables,
      ]),
    );
  }

  function open(definition: FunctionDefinition, settings: RegistryOptions): Slot {
    const variables = { ...settings.defaults, ...base };
    const environment = createEnvironment(definition, { ...settings, variables });
    const slot = { definition, environment, throttles: () => false, running: 0, broken: false };
    const { name: functionName, faults } = definition;
    if (faults === undefined) return slot;
    const { throttleRate = 0 } = faults;
    const throttle = seededRandom(`${settings.seed} ${functionName} throttles`);
    const random = seededRandom(`${settings.seed} ${functionName}`);
    return {
      ...slot,
      environment: new FaultyEnvironment({ functionName, environment, faults, random }),
      throttles: () => throttle() < throttleRate,
    };
  }

  function retire(slot: Slot): void {
    retired.add(slot);
    closeIfIdle(slot);
  }

  function closeIfIdle(slot: Slot): void {
    if (slot.running > 0 || !retired.delete(slot)) return;
    closing = Promise.all([closing, slot.environment.close()]);
  }

  async function prepareSlots(all: Slots): Promise<ReadonlyMap<string, Preparation>> {
    const preparing = [...all].map(async ([name, slot]) => {
      const preparation = await slot.environment.prepare();
      slot.broken = preparation.type === 'failed';
      return [name, preparation] as const;
    });
    return new Map(await Promise.all(preparing));
  }

  const onEnded = (message: unknown): void => {
    const { requestId } = message as InvocationEnded;
    leaving.get(requestId)?.();
    leaving.delete(requestId);
  };
  channels.invocationEnded.subscribe(onEnded);

  return {
    get functions() {
      return current.functions;
    },
    get moved() {
      return current.moved;
    },
    has: (name) => slots.has(name),
    prepare: () => prepareSlots(slots),
    async invoke(name, invocation) {
      const slot = slots.get(name);
      if (slot === undefined) throw new UnknownFunctionError(name, [...slots.keys()]);
      invocation.signal?.throwIfAborted();
      const { accountConcurrency = DEFAULT_ACCOUNT_CONCURRENCY } = current.options;
      if (slot.throttles()) throw new ThrottledError(name, 'FunctionInvocationRateLimitExceeded');
      const leave = gate.enter(slot.definition, current.functions, accountConcurrency);
      const { requestId = randomUUID() } = invocation;
      slot.running += 1;
      leaving.set(requestId, () => {
        leave();
        slot.running -= 1;
        closeIfIdle(slot);
      });
      warnOfPayload(name, requestId, invocation.payload);
      const outcome = await slot.environment.invoke({ ...invocation, requestId });
      if (outcome.type === 'buffered') warnOfAnswer(name, requestId, outcome.bytes);
      if (outcome.type !== 'stream') return outcome;
      return { ...outcome, chunks: warnOfStream(name, requestId, outcome.chunks) };
    },
    async replace(next, { changed, ...settings } = current.options) {
      const before = current;
      current = describe(next, settings);
      setVariables();
      const fresh = new Map<string, Slot>();
      const kept = new Map<string, Slot>();
      for (const definition of current.functions) {
        const { name } = definition;
        const slot = slots.get(name);
        if (slot === undefined || (changed?.has(name) ?? true)) {
          fresh.set(name, open(definition, settings));
        } else kept.set(name, slot);
      }
      const preparations = await prepareSlots(fresh);
      const worse = [...fresh].some(
        ([name, { broken }]) => broken && slots.get(name)?.broken !== true,
      );
      if (worse) {
        current = before;
        setVariables();
        for (const slot of fresh.values()) retire(slot);
        return { replaced: false, preparations };
      }
      const old = slots;
      slots = new Map([...kept, ...fresh]);
      for (const [name, slot] of old) if (!kept.has(name)) retire(slot);
      return { replaced: true, preparations };
    },
    async close() {
      const all = [...slots.values(), ...retired];
      await Promise.all(all.map(({ environment }) => environment.close()));
      await closing;
      channels.invocationEnded.unsubscribe(onEnded);
      release();
      restore();
    },
  };
}
