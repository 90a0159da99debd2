import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** An answer of the Runtime API. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One worker of a runtime: a single connection that it keeps, as AWS's clients do. */
export class RuntimeWorker implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** Asks for an event. Rejects when the connection ends first. */
  next(): Promise<Reply> {
    return this.send('GET', '/2018-06-01/runtime/invocation/next');
  }

  respond(id: string, body: string | Buffer, headers = {}): Promise<Reply> {
    return this.send('POST', `/2018-06-01/runtime/invocation/${id}/response`, body, {
      'Content-Type': 'application/json',
      ...headers,
    });
  }

  error(id: string): Promise<Reply> {
    const body = '{"errorType":"Error","errorMessage":"secret","trace":[]}';
    return this.send('POST', `/2018-06-01/runtime/invocation/${id}/error`, body);
  }

  /** Polls and answers until the connection ends. */
  async serve(handle: (event: never, id: string) => unknown): Promise<void> {
    for (;;) {
      const reply = await this.next();
      const id = idOf(reply);
      await this.respond(id, JSON.stringify(await handle(JSON.parse(reply.body) as never, id)));
    }
  }

  send(method: string, path: string, body: string | Buffer = '', headers = {}): Promise<Reply> {
    const [host, port] = this.#address.split(':');
    return new Promise((resolve, reject) => {
      const sending = request({ host, port, method, path, headers, agent: this.#agent });
      sending.once('error', reject);
      sending.once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      });
      sending.end(body);
    });
  }

  /** Dies: its connection ends. */
  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** The id of the event that `next` gave. */
export function idOf(reply: Reply): string {
  return String(reply.headers['lambda-runtime-aws-request-id']);
}
