const VISIBLE_ASCII = /^[\x21-\x7e]{1,128}$/;

/** A client's `x-request-id` as far as it is sent back: 1–128 visible ASCII characters (wire contract §3). */
export function clientRequestId(value: string | undefined): string | undefined {
  return value !== undefined && VISIBLE_ASCII.test(value) ? value : undefined;
}
