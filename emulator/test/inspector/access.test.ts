import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { manifestOf, route, startInspected } from '../support/inspected.ts';

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** Sends a request as a browser that was lured would: with headers that `fetch` does not let set. */
async function send(url: string | undefined, { body, ...sent }: Sent) {
  const { hostname, port } = new URL(url!);
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const open = request({ hostname, port, path: '/__lpr/api/batches/x', ...sent }, (response) => {
      const { statusCode: status } = response;
      text(response).then((answer) => resolve({ status, body: answer }), reject);
    });
    open.once('error', reject).end(body);
  });
}

const REPLAY = { method: 'POST', path: '/__lpr/api/replay', body: '{"requestIds":[]}' };
const JSON_TYPE = { 'content-type': 'application/json' };

test.for(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', 'localhost.evil'])(
  'a page at a name that points here is refused: %s',
  async (host) => {
    const { emulator } = await startInspected();
    const { status, body } = await send(emulator.url, { headers: { host } });
    expect(status).toBe(403);
    expect(body).toContain('called by an IP address or as localhost');
  },
);

test.for(['localhost', 'LOCALHOST:3000', 'app.localhost', '127.0.0.1', '[::1]:80', '192.168.1.5'])(
  'addresses and localhost are taken: %s',
  async (host) => {
    const { emulator } = await startInspected();
    expect((await send(emulator.url, { headers: { host } })).status).toBe(404);
  },
);

test('other sites can neither send nor read, and the own page can do both', async () => {
  const { emulator } = await startInspected();
  const { host } = new URL(emulator.url);
  const from = (headers: OutgoingHttpHeaders) => ({
    ...REPLAY,
    headers: { ...JSON_TYPE, ...headers },
  });
  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `https://${host}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
  ]) {
    expect((await send(emulator.url, from(headers))).status, JSON.stringify(headers)).toBe(403);
  }
  const read = { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } };
  expect((await send(emulator.url, read)).status).toBe(403);
  const own = from({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' });
  expect((await send(emulator.url, own)).status).toBe(200);
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  const link = await send(emulator.url, { path: '/__lpr', headers });
  expect([link.status, link.body]).toEqual([200, expect.stringContaining('<!doctype html>')]);
});

test('every answer has a policy that takes nothing from elsewhere', async () => {
  const { emulator } = await startInspected();
  const head = await fetch(`${emulator.inspectorUrl}/page.js`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ]);
  for (const path of ['', '/', '/page.js', '/page.css', '/icon.svg', '/api/batches/x', '/x']) {
    const { headers } = await fetch(emulator.inspectorUrl + path);
    const policy = headers.get('content-security-policy');
    expect(policy, path).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('what the inspector has not is 404, and what is malformed 400', async () => {
  const { emulator } = await startInspected();
  for (const path of [
    '/nothing',
    '/page.js/x',
    '/..%2fcli.js',
    '/api',
    '/api/replay',
    '/api/batches/..',
  ]) {
    expect((await fetch(emulator.inspectorUrl + path)).status, path).toBe(404);
  }
  for (const body of ['', '{', '[]', '{"requestIds":[1]}', `{"x":"${'x'.repeat(300_000)}"}`]) {
    const refused = await send(emulator.url, { ...REPLAY, headers: JSON_TYPE, body });
    expect(refused.status, body.slice(0, 20)).toBe(400);
  }
});

test('no function sees its paths, and a manifest may not have them', async () => {
  const any = { 'x-amazon-apigateway-any-method': route({ lpr: { maxBatchSize: 1 } }) };
  const { emulator } = await startInspected(manifestOf({ '/{rest+}': any }));
  for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
    await emulator.fetch('/__lpr/mine', { method });
    await emulator.inject({ url: '/__lpr', method: 'POST' });
  }
  expect(emulator.batches()).toEqual([]);
  expect(await (await emulator.fetch('/__lprx')).text()).toBe('/__lprx');
  for (const path of ['/__lpr', '/__lpr/{name}']) {
    await expect(startInspected(manifestOf({ [path]: any }))).rejects.toThrow(
      'another path (or `--no-inspector`): the inspector answers this one',
    );
  }
});

test('without the inspector its paths are as any other', async () => {
  const any = { get: route({ lpr: { maxBatchSize: 1 } }) };
  const manifest = manifestOf({ '/__lpr/{name}': any });
  const { emulator } = await startInspected(manifest, { inspector: false });
  expect(emulator.inspectorUrl).toBeUndefined();
  expect(await (await emulator.fetch('/__lpr/api')).text()).toBe('/__lpr/api');
});
