import { isDeepStrictEqual } from 'node:util';
import type { RouterConfig } from './router-config.ts';

/** What is in use from the start on and cannot be exchanged under way. */
const FIXED = {
  ListenAddr: 'listen',
  AdminAddr: 'adminListen',
  AwsRegion: 'awsRegion',
  Invoker: 'invoker',
  KeepAliveTimeoutMs: 'keepAliveTimeoutMs',
  MaxInflightInvocations: 'maxInflightInvocations',
  StreamIdleTimeoutMs: 'streamIdleTimeoutMs',
} as const satisfies Record<string, keyof RouterConfig>;

/** The names of those settings in a manifest. */
export const RESTART_SETTINGS: readonly string[] = Object.keys(FIXED);

/** The settings that differ and take effect with a restart only, by their names in a manifest. */
export function restartSettings(before: RouterConfig, after: RouterConfig): string[] {
  return Object.entries(FIXED)
    .filter(([, field]) => !isDeepStrictEqual(before[field], after[field]))
    .map(([name]) => name);
}
