import { channels } from '../../src/telemetry/channels.ts';

/** What keeps this process busy: handles and timers by kind, listeners of the process, subscribers. */
export interface Resources {
  readonly active: Record<string, number>;
  readonly listeners: Record<string, number>;
  readonly subscribed: readonly string[];
}

export function countResources(): Resources {
  const active: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) active[kind] = (active[kind] ?? 0) + 1;
  const listeners = Object.fromEntries(
    process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  );
  const subscribed = Object.values(channels)
    .filter(({ hasSubscribers }) => hasSubscribers)
    .map(({ name }) => name);
  return { active, listeners, subscribed };
}

/** What has become more since then, or new; empty when nothing leaked. */
export function grown(before: Resources, now: Resources): string[] {
  const more = (old: Record<string, number>, current: Record<string, number>) =>
    Object.keys(current).filter((name) => current[name]! > (old[name] ?? 0));
  return [
    ...more(before.active, now.active),
    ...more(before.listeners, now.listeners),
    ...now.subscribed.filter((name) => !before.subscribed.includes(name)),
  ];
}
