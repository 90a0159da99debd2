import { channel } from 'node:diagnostics_channel';

/**
 * A named `diagnostics_channel` whose publishers and subscribers agree on the message. Subscribers
 * run synchronously, in the order of their subscription; one that throws takes the process down.
 */
export interface TypedChannel<M> {
  /** As `node:diagnostics_channel` knows it, for subscribers outside this package. */
  readonly name: string;
  /** Publishers ask before they build a message, so that nobody listening costs nothing. */
  readonly hasSubscribers: boolean;
  publish(message: M): void;
  /** Returns what unsubscribes the listener. */
  subscribe(listener: (message: M) => void): () => void;
  unsubscribe(listener: (message: M) => void): void;
}

/** Opens the channel of that name; every call gives the same channel. */
export function typedChannel<M>(name: string): TypedChannel<M> {
  const inner = channel(name);
  // A listener is passed on as it is: Node finds it again by identity.
  const unsubscribe = (listener: (message: M) => void) => {
    inner.unsubscribe(listener as (message: unknown) => void);
  };
  return {
    name,
    get hasSubscribers() {
      return inner.hasSubscribers;
    },
    publish: (message) => inner.publish(message),
    subscribe(listener) {
      inner.subscribe(listener as (message: unknown) => void);
      return () => unsubscribe(listener);
    },
    unsubscribe,
  };
}

/**
 * Subscribes to the messages of one router: several may live in a process. Returns what
 * unsubscribes.
 */
export function subscribeRouter<M extends { readonly routerId: string }>(
  channel: TypedChannel<M>,
  routerId: string,
  listener: (message: M) => void,
): () => void {
  return channel.subscribe((message) => {
    if (message.routerId === routerId) listener(message);
  });
}
