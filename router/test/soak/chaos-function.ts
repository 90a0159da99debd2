import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { invokeComplete, payloadChunk } from 'lpr-testkit';
import type { BatchEvent } from 'lpr-protocol';
import type { Chance } from './random.ts';

/** Larger than what a slow client may have outstanding. */
export const BULK = 'x'.repeat(300_000);

const later = (chance: Chance) => new Promise((resolve) => setTimeout(resolve, chance.below(25)));

/**
 * A Lambda API on a real socket whose function mostly answers as it should, `?n` of each request as
 * its body, and otherwise does whatever a function or the service can do wrong.
 */
export async function startChaosFunction(chance: Chance) {
  const seen = { invocations: 0 };
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void text(request)
      .then((body) => {
        seen.invocations += 1;
        const event = JSON.parse(body) as BatchEvent;
        const streams = request.url!.includes('response-streaming');
        return answer(response, event, streams, chance);
      })
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  response: ServerResponse,
  event: BatchEvent,
  streams: boolean,
  chance: Chance,
) {
  await later(chance);
  switch (chance.below(20)) {
    case 0: {
      const headers = { 'x-amzn-errortype': 'TooManyRequestsException' };
      return response.writeHead(429, headers).end('{"Message":"Rate exceeded"}');
    }
    case 1:
      return response.writeHead(500, { 'x-amzn-errortype': 'ServiceException' }).end('{}');
    case 2:
      return response.destroy();
    case 3:
      // Until the router gives it up.
      return response;
    case 4:
      if (!streams) {
        response.setHeader('x-amz-function-error', 'Unhandled');
        return response.end('{"errorMessage":"broke"}');
      }
      break;
    case 5:
      if (!streams) return response.end('{"v":1,"resp');
      break;
    default:
  }
  if (streams) return answerStream(response, event, chance);
  const responses = event.batch.flatMap((item) => bufferedElements(item, chance));
  return response.end(JSON.stringify({ v: 1, responses }));
}

type Item = BatchEvent['batch'][number];

const whole = (item: Item) => ({
  id: item.requestContext.requestId,
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: item.rawQueryString,
});

function bufferedElements(item: Item, chance: Chance): unknown[] {
  const good = whole(item);
  switch (chance.below(24)) {
    case 0:
      return [];
    case 1:
      return [{ ...good, statusCode: 'soon' }];
    case 2:
      return [{ ...good, headers: { 'a b': '1' } }];
    case 3:
      return [{ ...good, body: '*', isBase64Encoded: true }];
    case 4:
      return [good, { ...good, body: 'a second one' }];
    case 5:
      return [{ ...good, id: 'r-nobody' }];
    case 6:
      return ['no object', good];
    case 7:
      return [{ ...good, body: BULK }];
    default:
      return [good];
  }
}

const line = (record: object) => `${JSON.stringify({ v: 1, ...record })}\n`;

function streamedLines(item: Item, chance: Chance): string[] {
  const id = item.requestContext.requestId;
  const head = line({ type: 'head', id, statusCode: 200 });
  const chunk = line({ type: 'chunk', id, body: item.rawQueryString });
  const end = line({ type: 'end', id });
  switch (chance.below(24)) {
    case 0:
      return [];
    case 1:
      return [head, chunk];
    case 2:
      return [head, chunk, line({ type: 'error', id, message: 'broke' })];
    case 3:
      return [line({ type: 'error', id, statusCode: 503, message: 'broke' })];
    case 4:
      return [head, line({ type: 'chunk', id, body: '*', isBase64Encoded: true }), end];
    case 5:
      return ['no json\n', head, head, chunk, end, end, chunk];
    case 6:
      return [line({ type: 'chunk', id, body: BULK }), end];
    case 7:
      return [line({ type: 'sparkle', id })];
    case 8:
      return [line({ ...whole(item), body: BULK.repeat(4) })];
    case 9:
      return [head, ...Array<string>(20).fill(line({ type: 'chunk', id, body: BULK })), end];
    case 10:
    case 11:
    case 12:
      return [line(whole(item))];
    default:
      return [head, chunk, end];
  }
}

async function answerStream(response: ServerResponse, event: BatchEvent, chance: Chance) {
  response.setHeader('content-type', 'application/vnd.amazon.eventstream');
  const queues = event.batch.map((item) => streamedLines(item, chance));
  for (;;) {
    const waiting = queues.filter((lines) => lines.length > 0);
    if (waiting.length === 0 || response.destroyed) break;
    const bytes = Buffer.from(chance.pick(waiting).shift()!);
    // Wherever it is cut, the records are the same.
    const cut = chance.below(bytes.length);
    response.write(payloadChunk(bytes.subarray(0, cut)));
    response.write(payloadChunk(bytes.subarray(cut)));
    switch (chance.below(60)) {
      case 0:
        return response.destroy();
      case 1:
        // Silence: until the router gives it up.
        return response;
      case 2:
        response.write(invokeComplete({ ErrorCode: 'Function.Unhandled', ErrorDetails: '{}' }));
        return response.end();
      case 3:
        await later(chance);
        break;
      default:
    }
  }
  response.write(invokeComplete({}));
  return response.end();
}
