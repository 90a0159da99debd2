import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { VirtualClock } from 'lpr-testkit';
import { ResponseWriter } from '../../src/http/write-response.ts';

async function answerBy(write: (writer: ResponseWriter) => void): Promise<Response> {
  const own = {
    clock: new VirtualClock(),
    includeBatchSize: false,
    serverTiming: false,
    closing: () => false,
  };
  const bounds = { clientBufferBytes: 1000, streamIdleTimeoutMs: 1000 };
  const server = createServer((_request, response) =>
    write(new ResponseWriter(response, undefined, own, bounds)),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const origin = { requestId: 'r-1', arrivalMs: 0, batch: undefined };
// The protocol's parsers let no such header through; Node would still have the last word.
const headers = { 'x-a': 'two\nlines' };

it.each([
  [
    'whole answer',
    (writer: ResponseWriter) =>
      writer.respond(
        {
          type: 'response',
          id: 'r-1',
          statusCode: 200,
          headers,
          cookies: [],
          body: '',
          isBase64Encoded: false,
        },
        'body',
        origin,
      ),
  ],
  [
    'head',
    (writer: ResponseWriter) => {
      writer.head({ type: 'head', id: 'r-1', statusCode: 200, headers, cookies: [] }, origin);
      expect(writer.write(Buffer.from('chunk'))).toBe(false);
    },
  ],
])('a %s that Node refuses to send is a 502', async (_, write) => {
  const response = await answerBy(write);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ code: 'LPR_BAD_RESPONSE', requestId: 'r-1' });
});
