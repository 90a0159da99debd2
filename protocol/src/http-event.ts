/**
 * One item of a batch: an API Gateway HTTP API request event (payload 2.0) as a router sends it (contract §1).
 * Optional fields appear only when they have content; they are never `null` and never empty.
 */
export interface HttpEvent {
  readonly version: '2.0';
  /** Method and path template, e.g. `GET /hello/{id}`. */
  readonly routeKey: string;
  /** The path as received, not decoded. */
  readonly rawPath: string;
  /** The query as received, without `?`; `''` when there is none. */
  readonly rawQueryString: string;
  /** Each `name=value` of the `Cookie` header, in order. */
  readonly cookies?: readonly string[];
  /** Names in lower case; a header sent several times is joined with `,` (`cookie` with `; `). */
  readonly headers: Readonly<Record<string, string>>;
  /** Form-decoded; duplicates joined with `,`. */
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  /** Percent-decoded. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: HttpEventContext;
  /** Text, or base64 when `isBase64Encoded`. */
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** The `requestContext` of an {@link HttpEvent}. Account, API, stage-variable and authorizer fields are not sent. */
export interface HttpEventContext {
  readonly routeKey: string;
  readonly stage: '$default';
  /** `r-` and a UUID, unique in the batch: the `id` of the answer. */
  readonly requestId: string;
  /** Arrival of this request, epoch milliseconds. */
  readonly timeEpoch: number;
  /** Arrival of this request as `12/Mar/2020:19:03:58 +0000`. */
  readonly time: string;
  /** The `Host` header without its port; absent when the client sent none. */
  readonly domainName?: string;
  readonly http: HttpEventRequestLine;
  readonly lpr: {
    /** When this caller stops waiting, epoch milliseconds. */
    readonly deadlineMs: number;
  };
}

/** The `requestContext.http` of an {@link HttpEvent}. */
export interface HttpEventRequestLine {
  readonly method: string;
  /** Equal to `rawPath`. */
  readonly path: string;
  readonly protocol: 'HTTP/1.1';
  readonly sourceIp: string;
  readonly userAgent?: string;
}

/**
 * The id that the answer to `item` must carry: `requestContext.requestId`, failing that a string `id`;
 * `undefined` when there is neither. Reads nothing else, so it accepts whatever a router of any age sends.
 */
export function itemId(item: unknown): string | undefined {
  const sent = item as Identified | null | undefined;
  return [sent?.requestContext?.requestId, sent?.id].find(
    (one): one is string => typeof one === 'string' && !!one,
  );
}

interface Identified {
  readonly requestContext?: { readonly requestId?: unknown } | null;
  readonly id?: unknown;
}
