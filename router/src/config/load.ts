import type { z } from 'zod';
import { parseFunctionArn } from '../routing/function-arn.ts';
import type { KeyDimension, Operation } from '../routing/operation.ts';
import { crossCheck } from './cross-checks.ts';
import { checkPart } from './explain.ts';
import { parseKeyDimension, parseTenant } from './key-dimension.ts';
import { parseListenAddress } from './listen-address.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { byPosition, ConfigError } from './problem.ts';
import type { ConfigProblem } from './problem.ts';
import type { RouterConfig } from './router-config.ts';
import { METHOD_KEYS, settingsSchema, unboundSettingsSchema } from './schema.ts';
import { compileTrustedProxies } from './trusted-proxies.ts';

/** How strictly to check. */
export interface CheckOptions {
  /** `optional` where the address comes from elsewhere (a flag, a test that only injects); default `required`. */
  readonly listenAddr?: 'required' | 'optional';
}

/** Either a configuration, or every problem that was found, in the order of the text. */
export type CheckedConfig =
  | { readonly config: RouterConfig; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly ConfigProblem[] };

type Settings = z.output<typeof unboundSettingsSchema>;

/** Checks a manifest and compiles it; problems are values here, and nothing is thrown. */
export function checkConfig(manifest: Manifest, options: CheckOptions = {}): CheckedConfig {
  const schema = options.listenAddr === 'optional' ? unboundSettingsSchema : settingsSchema;
  const settings = checkPart(manifest, schema);
  const problems = [...manifest.problems, ...settings.problems, ...crossCheck(manifest)];
  if (settings.value === undefined || problems.length > 0) {
    return { problems: problems.toSorted(byPosition) };
  }
  return { config: toConfig(manifest.file, settings.value), problems: [] };
}

/**
 * As `checkConfig`, for a caller that cannot go on.
 *
 * @throws ConfigError with all problems
 */
export function compileConfig(manifest: Manifest, options?: CheckOptions): RouterConfig {
  const { config, problems } = checkConfig(manifest, options);
  if (config === undefined) throw new ConfigError(problems);
  return config;
}

/**
 * Reads and compiles the manifest at a path or `file://` URL.
 *
 * @throws ConfigError when it cannot be read, or with all problems
 */
export async function loadConfig(location: string, options?: CheckOptions): Promise<RouterConfig> {
  return compileConfig(await readManifest(location), options);
}

function toConfig(source: string, settings: Settings): RouterConfig {
  const { ListenAddr, AdminAddr, ForwardHeaders } = settings;
  return {
    source,
    listen: ListenAddr === undefined ? undefined : parseListenAddress(ListenAddr),
    adminListen: AdminAddr === undefined ? undefined : parseListenAddress(AdminAddr),
    awsRegion: settings.AwsRegion,
    invoker: settings.Invoker,
    maxInflightInvocations: settings.MaxInflightInvocations,
    maxInflightRequests: settings.MaxInflightRequests,
    maxPendingInvocations: settings.MaxPendingInvocations,
    maxQueueDepthPerKey: settings.MaxQueueDepthPerKey,
    idleTtlMs: settings.IdleTtlMs,
    defaultTimeoutMs: settings.DefaultTimeoutMs,
    keepAliveTimeoutMs: settings.KeepAliveTimeoutMs,
    streamIdleTimeoutMs: settings.StreamIdleTimeoutMs,
    drainDelayMs: settings.DrainDelayMs,
    drainTimeoutMs: settings.DrainTimeoutMs,
    maxBodyBytes: settings.MaxBodyBytes,
    maxInvokePayloadBytes: settings.MaxInvokePayloadBytes,
    maxRecordBytes: settings.MaxRecordBytes,
    clientBufferBytes: settings.ClientBufferBytes,
    forwardHeaders: {
      allow: ForwardHeaders.Allow === undefined ? undefined : new Set(ForwardHeaders.Allow),
      deny: new Set(ForwardHeaders.Deny),
    },
    trustedProxies: compileTrustedProxies(settings.TrustedProxies),
    operations: [...operationsOf(settings)],
  };
}

function* operationsOf(settings: Settings): Generator<Operation> {
  for (const [path, methods] of Object.entries(settings.Spec.paths ?? {})) {
    for (const [key, method] of Object.entries(METHOD_KEYS)) {
      const operation = methods?.[key as keyof typeof METHOD_KEYS];
      const target = parseFunctionArn(operation?.['x-target-lambda']);
      if (operation === undefined || target === undefined) continue;
      const lpr = operation['x-lpr'];
      const { payloadFormat } = lpr;
      const tenantHeader = lpr.tenantId === undefined ? undefined : parseTenant(lpr.tenantId);
      yield {
        method,
        path,
        operationId: operation.operationId,
        functionArn: target.arn,
        functionName: target.functionName,
        qualifier: target.qualifier,
        region: target.region,
        maxWaitMs: lpr.maxWaitMs,
        dynamicWait: lpr.dynamicWait,
        maxBatchSize: payloadFormat === 'single' ? 1 : lpr.maxBatchSize,
        timeoutMs: lpr.timeoutMs ?? settings.DefaultTimeoutMs,
        invokeMode: lpr.invokeMode,
        payloadFormat,
        maxInFlight: lpr.maxInFlight,
        retryUnsent: lpr.retryUnsent,
        tenantHeader,
        key: keyOf(lpr.key, tenantHeader),
      };
    }
  }
}

function keyOf(elements: readonly string[], tenantHeader: string | undefined): KeyDimension[] {
  const dimensions: KeyDimension[] = [];
  for (const element of elements) {
    const dimension = parseKeyDimension(element);
    if (typeof dimension === 'object') dimensions.push(dimension);
  }
  // Tenants must never share a batch, whether or not the key says so.
  const known = dimensions.some(({ source, name }) => source === 'header' && name === tenantHeader);
  if (tenantHeader !== undefined && !known) {
    dimensions.push({ source: 'header', name: tenantHeader });
  }
  return dimensions;
}
