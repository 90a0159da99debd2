import type { Operation } from '../routing/operation.ts';
import { valueAt } from './explain.ts';
import { canonicalDimension } from './key-dimension.ts';
import type { Manifest } from './manifest.ts';
import type { Position } from './problem.ts';
import type { ForwardHeaders, RouterConfig } from './router-config.ts';
import { METHOD_KEYS } from './schema.ts';
import { printable, wordPath } from './wording.ts';

/** Something that works, and may not be what was meant. */
export interface ConfigWarning {
  readonly file: string;
  readonly position: Position | undefined;
  /** Where in the configuration, e.g. `Spec.paths./hello.get.x-lpr.key[1]`. */
  readonly key: string;
  readonly message: string;
}

/** Headers by which callers say who they are; whoever knows the value is that caller. */
const CREDENTIALS: readonly string[] = ['authorization', 'cookie'];

/** One line: `FILE:LINE:COLUMN: warning: key: message`. */
export function formatWarning({ file, position, key, message }: ConfigWarning): string {
  const where = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return `${where}: warning: ${key}: ${message}`;
}

/** What a checked configuration may not mean, route by route. */
export function warningsOf(manifest: Manifest, config: RouterConfig): ConfigWarning[] {
  return config.operations.flatMap((operation) => [
    ...sharedCredentials(manifest, operation, config.forwardHeaders),
    ...clientChosenKeys(manifest, operation),
    ...needlessSizes(manifest, operation),
  ]);
}

function* sharedCredentials(
  manifest: Manifest,
  operation: Operation,
  forwarded: ForwardHeaders,
): Generator<ConfigWarning> {
  if (operation.maxBatchSize === 1) return;
  const shared = CREDENTIALS.filter(
    (name) => isForwarded(name, forwarded) && !hasHeader(operation, name),
  );
  if (shared.length === 0) return;
  const names = shared.map((name) => `\`${name}\``).join(' and ');
  const remedy = shared.map((name) => `\`header:${name}\``).join(' and ');
  yield warning(
    manifest,
    [...lprOf(operation), 'key'],
    `the function gets ${names}, but requests of different callers share a batch; add ${remedy} to \`key\`, or deny them in \`ForwardHeaders\``,
  );
}

function* clientChosenKeys(manifest: Manifest, operation: Operation): Generator<ConfigWarning> {
  const at = lprOf(operation);
  const written = valueAt(manifest.value, [...at, 'key']);
  for (const { source, name } of operation.key) {
    if (source !== 'header' || CREDENTIALS.includes(name)) continue;
    const index = Array.isArray(written)
      ? written.findIndex((element) => canonicalDimension(String(element)) === `header:${name}`)
      : -1;
    const tenant = name === operation.tenantHeader;
    const place = tenant || index === -1 ? [...at, 'tenantId'] : [...at, 'key', index];
    yield warning(
      manifest,
      place,
      `any client can send \`${printable(name)}\`, so it groups requests and does not isolate ${tenant ? 'tenants' : 'callers'}, unless an authenticating proxy sets it`,
    );
  }
}

function* needlessSizes(manifest: Manifest, operation: Operation): Generator<ConfigWarning> {
  const at = [...lprOf(operation), 'maxBatchSize'];
  const written = Number(valueAt(manifest.value, at));
  if (operation.payloadFormat !== 'single' || written === 1) return;
  yield warning(
    manifest,
    at,
    `with \`payloadFormat: single\` each request is an invocation; ${written} counts as 1`,
  );
}

function isForwarded(name: string, { allow, deny }: ForwardHeaders): boolean {
  return !deny.has(name) && (allow === undefined || allow.has(name));
}

function hasHeader(operation: Operation, header: string): boolean {
  return operation.key.some(({ source, name }) => source === 'header' && name === header);
}

function lprOf({ path, method }: Operation): string[] {
  const key = Object.entries(METHOD_KEYS).find(([, name]) => name === method)?.[0] ?? method;
  return ['Spec', 'paths', path, key, 'x-lpr'];
}

function warning(manifest: Manifest, at: readonly PropertyKey[], message: string): ConfigWarning {
  const position = manifest.locate(at);
  return { file: manifest.file, position, key: wordPath(at), message };
}
