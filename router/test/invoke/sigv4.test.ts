import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SigningRequest } from '../../src/invoke/sigv4.ts';
import { canonicalPath, encodeSegment, SigV4Signer } from '../../src/invoke/sigv4.ts';

const REGION = 'eu-west-1';

/** The interface that `@smithy/signature-v4` asks of a hash. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(bytes: string | Uint8Array) {
    this.#hash.update(bytes);
  }
  reset() {}
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

/** The `authorization` that AWS's own signer gives. */
async function referenceOf(request: SigningRequest, path: string): Promise<string> {
  const { credentials, host, body, tenantId, nowMs } = request;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    region: REGION,
    service: 'lambda',
    sha256: Sha256,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path,
      query: {},
      headers: { host, ...(tenantId === undefined ? {} : { 'x-amz-tenant-id': tenantId }) },
      body,
    },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers['authorization'] ?? '';
}

function authorizationOf(headers: readonly string[]): string | undefined {
  return headers[headers.indexOf('authorization') + 1];
}

const base: SigningRequest = {
  host: 'lambda.eu-west-1.amazonaws.com',
  canonicalPath: canonicalPath('/2015-03-31/functions/hello/invocations'),
  body: Buffer.from('{}'),
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
};

describe('signature version 4', () => {
  it('gives the signatures that the signer of AWS gives', async () => {
    const signer = new SigV4Signer(REGION);
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    const words = fc.array(visible, { minLength: 1, maxLength: 3 }).map((all) => all.join('  '));
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          // The reference resolves dot segments; no function is named like one.
          name: visible.filter((name) => !/^\.{1,2}$/.test(name)),
          basePath: fc.constantFrom('', '/base', '/base/'),
          body: fc.uint8Array(),
          tenantId: optional(words),
          sessionToken: optional(visible),
          secretAccessKey: fc.constantFrom('one', 'two'),
          nowMs: fc.integer({ min: base.nowMs, max: base.nowMs + 3 * 86_400_000 }),
        }),
        async ({ name, basePath, secretAccessKey, sessionToken, ...rest }) => {
          const path = `${basePath}/2015-03-31/functions/${encodeSegment(name)}/invocations`;
          const request: SigningRequest = {
            ...base,
            ...rest,
            canonicalPath: canonicalPath(path),
            credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken },
          };
          const expected = await referenceOf(request, path);
          expect(authorizationOf(signer.sign(request))).toBe(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('signs every header that it sends', () => {
    const { credentials } = base;
    const signer = new SigV4Signer(REGION);
    const headers = signer.sign({
      ...base,
      tenantId: 'blue',
      credentials: { ...credentials, sessionToken: 'token' },
    });
    const names = headers.filter((_, index) => index % 2 === 0);
    expect(names).toEqual([
      'host',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
      'x-amz-tenant-id',
      'authorization',
    ]);
    const signed = names.slice(0, -1).join(';');
    expect(authorizationOf(headers)).toContain(`SignedHeaders=${signed},`);
    expect(headers[headers.indexOf('x-amz-date') + 1]).toBe('20260102T030405Z');
  });
});
