import type { ItemEvent, LambdaContext } from './lambda-types.ts';

/** What the adapter knows about the item that a handler is answering. */
export interface BatchItem {
  /** The item's correlation id, `requestContext.requestId`. */
  readonly requestId: string;
  /** When the caller stops waiting, epoch milliseconds; absent when the router did not say. */
  readonly deadlineMs?: number | undefined;
  /**
   * Aborts when answering has become pointless: at the item's deadline unless its head has been sent, shortly
   * before Lambda's timeout, when the response stream is closed. Its reason is an `AdapterError`, or the stream's error.
   */
  readonly signal: AbortSignal;
}

/** The context of one item: Lambda's own, copied, so that what one item writes no other sees. */
export interface ItemContext extends LambdaContext {
  /** The running item; absent when an event that is no batch was passed through. */
  readonly item?: BatchItem;
  /** The item's {@link BatchItem.signal}; absent when an event that is no batch was passed through. */
  readonly signal?: AbortSignal;
}

/** Pieces of a body: each is sent as it is, text as UTF-8. */
export type BodyChunk = string | Uint8Array;

/** A body that is read piece by piece: a Node.js or web stream, a `Blob`, a generator, an array. */
export type StreamedBody =
  | AsyncIterable<BodyChunk>
  | Iterable<BodyChunk>
  | { getReader(): unknown }
  | { stream(): unknown };

/** An answer with its status: `APIGatewayProxyStructuredResultV2`, whose body may also be bytes or streamed. */
export interface StructuredAnswer {
  /** An integer 200–599. Without it the object is no structured answer but is itself sent as JSON. */
  statusCode?: number | undefined;
  headers?: { [header: string]: boolean | number | string } | undefined;
  /** Text, base64 when `isBase64Encoded`; bytes, or a streamed body, for which `isBase64Encoded` means nothing. */
  body?: string | Uint8Array | StreamedBody | undefined;
  isBase64Encoded?: boolean | undefined;
  /** `Set-Cookie` values, one each. */
  cookies?: string[] | undefined;
}

/**
 * What a handler may return, read as API Gateway reads it: a {@link StructuredAnswer}, or anything else,
 * which is sent with status 200 and `application/json`: a string as it is, other values as their JSON.
 * Besides: a `Response`, and bytes, a `Blob`, a stream or an async iterable as a body of status 200.
 */
export type ItemAnswer =
  | StructuredAnswer
  | (object & { statusCode?: never })
  | { readonly [field: string]: unknown; statusCode?: never }
  | string
  | number
  | boolean
  | null
  | undefined
  | void;

/**
 * A handler of one request. Functions typed `APIGatewayProxyHandlerV2` fit; the callback in that type is
 * refused when wrapping, as Lambda's Node.js runtime refuses it.
 */
export type ItemHandler<Answer = ItemAnswer> = (
  event: ItemEvent,
  context: ItemContext,
  callback: never,
) => Answer | Promise<Answer>;

/** A handler as the adapter calls it: with whatever arrived. */
export type AnyHandler = (event: unknown, context: unknown) => unknown;
