import { useEffect, useState } from 'preact/hooks';

/** Often enough for the eye, seldom enough for a laptop. */
const EVERY_MS = 200;

/** The emulator's time, which goes on until `untilMs` and then stands still. */
export function useNow(untilMs: number, offsetMs: number): number {
  const [nowMs, setNow] = useState(() => Date.now() + offsetMs);
  useEffect(() => {
    const tick = (): boolean => {
      const next = Date.now() + offsetMs;
      setNow(next);
      return next < untilMs;
    };
    if (!tick()) return undefined;
    const timer = setInterval(() => {
      if (!tick()) clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [untilMs, offsetMs]);
  return nowMs;
}
