const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

let cachedSecond = -1;
let cachedText = '';

/** API Gateway's `requestContext.time`, e.g. `12/Mar/2020:19:03:58 +0000`; made once a second. */
export function eventTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== cachedSecond) {
    const iso = new Date(second * 1000).toISOString();
    const month = MONTHS[Number(iso.slice(5, 7)) - 1];
    cachedText = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
    cachedSecond = second;
  }
  return cachedText;
}
