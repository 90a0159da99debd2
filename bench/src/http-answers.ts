export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * Reads the answers of one connection, whose bodies are ASCII. A few microseconds an answer: what the
 * generator of the load costs is missing to the router on the same machine.
 */
export class HttpAnswers {
  #text = '';

  /** The answers that end in these bytes. Throws on what is no HTTP answer. */
  push(bytes: Buffer): HttpAnswer[] {
    this.#text += bytes.toString('latin1');
    const answers: HttpAnswer[] = [];
    for (let answer = this.#take(); answer; answer = this.#take()) answers.push(answer);
    return answers;
  }

  #take(): HttpAnswer | undefined {
    const headEnd = this.#text.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = this.#text.slice(0, headEnd).toLowerCase();
    const status = Number(head.slice(9, 12));
    if (!head.startsWith('http/1.1 ') || !Number.isInteger(status)) {
      throw new Error(`Expected an HTTP answer, got ${JSON.stringify(head.slice(0, 80))}`);
    }
    const bodyAt = headEnd + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    const body =
      length === undefined
        ? chunkedBody(this.#text, bodyAt)
        : knownBody(this.#text, bodyAt, Number(length));
    if (!body) return undefined;
    this.#text = this.#text.slice(body.end);
    return { status, body: body.text };
  }
}

interface Body {
  readonly text: string;
  readonly end: number;
}

function knownBody(text: string, start: number, length: number): Body | undefined {
  const end = start + length;
  return text.length < end ? undefined : { text: text.slice(start, end), end };
}

function chunkedBody(text: string, start: number): Body | undefined {
  let body = '';
  for (let at = start; ;) {
    const sizeEnd = text.indexOf('\r\n', at);
    if (sizeEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, sizeEnd), 16);
    const end = sizeEnd + 2 + size;
    if (!(size >= 0)) throw new Error('Expected a content length or a chunked body');
    if (text.length < end + 2) return undefined;
    body += text.slice(sizeEnd + 2, end);
    at = end + 2;
    if (size === 0) return { text: body, end: at };
  }
}
