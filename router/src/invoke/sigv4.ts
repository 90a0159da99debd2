import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A POST without a query. */
export interface SigningRequest {
  readonly host: string;
  /** From {@link canonicalPath}. */
  readonly canonicalPath: string;
  readonly body: Uint8Array;
  readonly tenantId?: string | undefined;
  readonly credentials: SigningCredentials;
  /** Epoch ms. */
  readonly nowMs: number;
}

/**
 * Signs requests to Lambda with AWS Signature Version 4, for one region.
 *
 * It exists for its cost: 5 µs for a request of 1 KB where `@smithy/signature-v4` takes 28, which is as
 * much as the rest of the invocation. The key of the day is derived once and held as a `KeyObject`,
 * without which each HMAC costs seven times as much. A test compares its signatures with those of
 * `@smithy/signature-v4`.
 */
export class SigV4Signer {
  readonly #region: string;
  #secret: string | undefined;
  #day = '';
  #key: KeyObject | undefined;
  #second = Number.NaN;
  #amzDate = '';

  constructor(region: string) {
    this.#region = region;
  }

  /** The headers to send, names and values in turn: `host` and all that the signature needs. */
  sign(request: SigningRequest): string[] {
    const { host, body, tenantId, credentials } = request;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const amzDate = this.#dateOf(request.nowMs);
    const bodyHash = hash('sha256', body, 'hex');
    const headers = ['host', host, 'x-amz-content-sha256', bodyHash, 'x-amz-date', amzDate];
    if (sessionToken !== undefined) headers.push('x-amz-security-token', sessionToken);
    if (tenantId !== undefined) headers.push('x-amz-tenant-id', tenantId);

    // The names above are in the order that the canonical form asks for.
    let canonicalHeaders = '';
    let signedHeaders = '';
    for (let at = 0; at < headers.length; at += 2) {
      canonicalHeaders += `${headers[at]}:${canonicalValue(headers[at + 1]!)}\n`;
      signedHeaders += at === 0 ? headers[at] : `;${headers[at]}`;
    }
    const canonical = `POST\n${request.canonicalPath}\n\n${canonicalHeaders}\n${signedHeaders}\n${bodyHash}`;
    const day = amzDate.slice(0, 8);
    const scope = `${day}/${this.#region}/lambda/aws4_request`;
    const toSign = `${ALGORITHM}\n${amzDate}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    const signature = createHmac('sha256', this.#keyOf(day, secretAccessKey))
      .update(toSign)
      .digest('hex');
    headers.push(
      'authorization',
      `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    );
    return headers;
  }

  /** `20260102T030405Z` */
  #dateOf(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#amzDate = `${new Date(second * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    }
    return this.#amzDate;
  }

  #keyOf(day: string, secret: string): KeyObject {
    if (this.#key === undefined || day !== this.#day || secret !== this.#secret) {
      let key: Buffer = hmac(`AWS4${secret}`, day);
      for (const part of [this.#region, 'lambda', 'aws4_request']) key = hmac(key, part);
      this.#key = createSecretKey(key);
      this.#day = day;
      this.#secret = secret;
    }
    return this.#key;
  }
}

/**
 * The path as the signature sees it: encoded once more, without empty segments.
 *
 * @param path as it is sent, percent-encoded
 */
export function canonicalPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.map(encodeSegment).join('/')}`;
}

/** `encodeURIComponent`, and what it leaves out of RFC 3986's reserved characters. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalValue(value: string): string {
  return value.includes(' ') ? value.trim().replaceAll(/ +/g, ' ') : value;
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
