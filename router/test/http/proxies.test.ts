import { describe, expect, test } from 'vitest';
import { clientAddress } from '../../src/http/client-address.ts';
import { compileTrustedProxies } from '../../src/config/trusted-proxies.ts';
import { settledRequests } from '../contract/observe.ts';
import { exchange, get } from '../contract/raw-client.ts';
import { startRouter } from '../support/router.ts';

const SPOOFED = '6.6.6.6';

/** The client's address as the function and the access log have it. */
async function addressOf(trusted: unknown, ...lines: string[]) {
  const { url, router, invoker } = await startRouter({ settings: { TrustedProxies: trusted } });
  const settled = settledRequests(router);
  const forwarded = lines.map((value) => `X-Forwarded-For: ${value}\r\n`).join('');
  await exchange(url, get('/a', { headers: `${forwarded}Connection: close\r\n` }));
  const { sourceIp } = invoker.invocations[0]!.event.batch[0]!.requestContext.http;
  expect(settled).toMatchObject([{ sourceIp }]);
  const seen = invoker.invocations[0]!.event.batch[0]!.headers['x-forwarded-for'];
  expect(seen).toBe(lines.length === 0 ? undefined : lines.join(','));
  return sourceIp;
}

describe('the address of a client', () => {
  test.each([
    ['nobody is trusted', 0, [SPOOFED], '127.0.0.1'],
    ['nobody is listed', [], [SPOOFED], '127.0.0.1'],
    ['one proxy stands before the router', 1, ['203.0.113.7'], '203.0.113.7'],
    ['the client made up a header itself', 1, [`${SPOOFED}, 203.0.113.7`], '203.0.113.7'],
    ['it made it up in a line of its own', 1, [SPOOFED, '203.0.113.7'], '203.0.113.7'],
    [
      'two proxies stand before the router',
      2,
      [`${SPOOFED}, 203.0.113.7, 10.0.0.1`],
      '203.0.113.7',
    ],
    ['fewer proxies wrote than are trusted', 3, ['203.0.113.7'], '203.0.113.7'],
    ['a trusted proxy wrote nothing', 1, [], '127.0.0.1'],
    ['a trusted proxy wrote no address', 1, ['unknown'], '127.0.0.1'],
    [
      'the peer is in a trusted network',
      ['127.0.0.0/8'],
      [`${SPOOFED}, 203.0.113.7`],
      '203.0.113.7',
    ],
    [
      'its proxies are in trusted networks',
      ['127.0.0.1', '10.0.0.0/8'],
      [`${SPOOFED}, 203.0.113.7, 10.1.2.3`],
      '203.0.113.7',
    ],
    ['the peer is in no trusted network', ['10.0.0.0/8'], [SPOOFED], '127.0.0.1'],
    [
      'it pretends to be a trusted proxy',
      ['127.0.0.0/8', '10.0.0.0/8'],
      [`${SPOOFED}, 10.9.9.9, 203.0.113.7`],
      '203.0.113.7',
    ],
    ['a proxy adds the port', 1, ['203.0.113.7:4711'], '203.0.113.7'],
    ['a proxy writes IPv6', 1, ['[2001:db8::7]:4711'], '2001:db8::7'],
  ])('when %s', async (_, trusted, lines, address) => {
    expect(await addressOf(trusted, ...lines)).toBe(address);
  });

  test.each([
    ['::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['::ffff:10.0.0.1', '203.0.113.7', ['10.0.0.0/8'], '203.0.113.7'],
    ['fd00::1', '2001:db8::7', ['fd00::/8'], '2001:db8::7'],
    [undefined, '203.0.113.7', 0, ''],
  ])('of the peer %s with %s and trust in %j is %s', (peer, forwarded, trusted, address) => {
    expect(clientAddress(peer, forwarded, compileTrustedProxies(trusted))).toBe(address);
  });
});
