import type { Clock } from '../batching/clock.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { Invoker } from './invoker.ts';
import { retryUnsent } from './retry-unsent.ts';
import { sdkInvoker } from './sdk-invoker.ts';
import { signedInvoker } from './signed-invoker.ts';
import { streamIdleTimeout } from './stream-idle-timeout.ts';

export interface CreateInvokerOptions {
  readonly config: RouterConfig;
  readonly clock: Clock;
  /** Whose invocations these are, for the channels. */
  readonly routerId: string;
  /** Instead of the one that the configuration names; gets the same wrappers. */
  readonly invoker?: Invoker | undefined;
}

/** The exit that a configuration asks for: the invoker it names, with what retries and bounds it. */
export function createInvoker(options: CreateInvokerOptions): Invoker {
  const { config, clock, routerId } = options;
  const invoker = options.invoker ?? lambdaInvoker(config);
  const bounded = streamIdleTimeout(invoker, { clock, idleMs: config.streamIdleTimeoutMs });
  return retryUnsent(bounded, { clock, routerId });
}

function lambdaInvoker({ invoker, awsRegion: region, maxInflightInvocations }: RouterConfig) {
  const options = { region, maxSockets: maxInflightInvocations };
  switch (invoker) {
    case 'sdk':
      return sdkInvoker(options);
    case 'signed':
      return signedInvoker(options);
    default:
      return invoker satisfies never;
  }
}
