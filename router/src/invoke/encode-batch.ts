import { PROTOCOL_VERSION, ROUTER_NAME } from 'lpr-protocol';

const BEFORE_ROUTE = `{"v":${PROTOCOL_VERSION},"meta":{"router":${JSON.stringify(ROUTER_NAME)},"route":`;

/** Digits of an epoch in milliseconds, with room until the year 5138. */
const EPOCH_DIGITS = 15;

/** UTF-8 bytes that the envelope of a batch of this route takes, at most; the rest is for items. */
export function envelopeBytes(route: string): number {
  return Buffer.byteLength(envelope(route, 0)) + EPOCH_DIGITS + ']}'.length;
}

/**
 * The batch event (wire contract §1) from items that were turned into JSON once, at their arrival.
 *
 * @param route the matched path template
 * @param sealedAtMs epoch ms
 */
export function encodeBatch(route: string, sealedAtMs: number, items: readonly string[]): Buffer {
  return Buffer.from(`${envelope(route, sealedAtMs)}${items.join(',')}]}`);
}

function envelope(route: string, sealedAtMs: number): string {
  return `${BEFORE_ROUTE}${JSON.stringify(route)},"receivedAtMs":${sealedAtMs}},"batch":[`;
}
