import type { CreateRouterOptions, InjectResponse, Router } from 'lpr-router';
import type { Activity } from './activity.ts';

type StartTracing = NonNullable<CreateRouterOptions['startTracing']>;

/** A request to a test router. */
export interface TestRequest {
  /** Default `GET`. */
  readonly method?: string;
  /** A query may follow it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** A body as JSON; sets `content-type` where the headers have none. */
  readonly json?: unknown;
  /** The client leaves when it is aborted; the request then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** What its client got. */
export interface TestResponse {
  /** The request's id: that of its item. */
  readonly id: string;
  readonly status: number;
  /** By lower-case name; several of one name joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each `Set-Cookie`. */
  readonly cookies: readonly string[];
  /** As text. */
  readonly body: string;
  readonly bytes: Uint8Array;
  /** The body, parsed. */
  json(): unknown;
}

/** A request from the moment it was made. */
export interface MadeRequest {
  /** `GET /a`. */
  readonly name: string;
  /** Known once the router has seen it. */
  id: string | undefined;
  state: 'made' | 'waiting' | 'settled';
  /** Why it must not be taken for answered. */
  failure: Error | undefined;
}

/** Carries our number of a request to the router; nothing that begins so ever reaches a function. */
const NUMBER_HEADER = 'x-lpr-testkit-request';

/** The requests made of one router: which have reached their batch, which have their answer. */
export class Requests {
  readonly #made: MadeRequest[] = [];
  readonly #activity: Activity;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** Without an answer. */
  get unsettled(): readonly MadeRequest[] {
    return this.#made.filter(({ state }) => state !== 'settled');
  }
  /** Neither answered nor in a batch. */
  get underway(): boolean {
    return this.#made.some(({ state }) => state === 'made');
  }

  withId(id: string): MadeRequest | undefined {
    return this.#made.find((made) => made.id === id);
  }

  /** Tells when a request has all it needs for its batch, which it then enters at once. */
  readonly startTracing: StartTracing = async () => ({
    start: ({ requestId, headers }) => {
      const made = this.#made[Number(headers[NUMBER_HEADER])];
      if (made) made.id = requestId;
      return {
        inject: () => {
          if (made) made.state = 'waiting';
          this.#activity.mark();
        },
      };
    },
    close: async () => {},
  });

  async send(router: Promise<Router>, request: TestRequest): Promise<TestResponse> {
    const { method = 'GET', path, json, signal } = request;
    const made: MadeRequest = {
      name: `${method} ${path}`,
      id: undefined,
      state: 'made',
      failure: undefined,
    };
    const number = this.#made.push(made) - 1;
    const body = json === undefined ? request.body : JSON.stringify(json);
    const headers = {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
      [NUMBER_HEADER]: String(number),
    };
    try {
      const target = await router;
      const response = await target
        .inject({
          method: method as 'GET',
          url: path,
          headers,
          ...(signal && { signal }),
          ...(body === undefined
            ? {}
            : { payload: typeof body === 'string' ? body : Buffer.from(body) }),
        })
        .catch((cause: unknown) => {
          if (signal?.aborted) throw signal.reason;
          throw new Error(`The answer to \`${made.name}\` was broken off after its head`, {
            cause,
          });
        });
      if (made.failure) throw made.failure;
      return toResponse(response, made.id ?? '');
    } finally {
      made.state = 'settled';
      this.#activity.mark();
    }
  }
}

function toResponse(response: InjectResponse, id: string): TestResponse {
  const { statusCode, rawPayload: bytes, body } = response;
  const entries = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : String(value)]],
  );
  const cookies = [response.headers['set-cookie'] ?? []].flat();
  const headers = Object.fromEntries(entries) as Record<string, string>;
  return { id, status: statusCode, headers, cookies, body, bytes, json: () => JSON.parse(body) };
}
