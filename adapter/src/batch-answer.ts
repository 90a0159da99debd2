/** The answer to a batch, which Lambda turns into JSON (contract §2.1). */
export interface BatchAnswer {
  readonly v: 1;
  /** One for each item that has an id, in batch order. */
  readonly responses: readonly BatchAnswerItem[];
}

/** The answer to one item of a batch. */
export interface BatchAnswerItem {
  /** The item's `requestContext.requestId`. */
  readonly id: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie` values; absent when there are none. */
  readonly cookies?: readonly string[] | undefined;
  /** Text, or base64 when `isBase64Encoded`. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
}
