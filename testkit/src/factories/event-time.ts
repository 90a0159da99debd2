const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `requestContext.time` of an epoch in ms: `01/Jan/2026:00:00:00 +0000`. */
export function eventTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
