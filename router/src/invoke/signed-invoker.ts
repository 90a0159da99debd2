import { Pool } from 'undici';
import { parseFunctionArn } from '../routing/function-arn.ts';
import type { FunctionArn } from '../routing/function-arn.ts';
import { transportFailure } from './failures.ts';
import type { Invocation, InvocationMode, InvokeAnswer, Invoker } from './invoker.ts';
import { Exchange } from './signed-invoker-exchange.ts';
import { resolveTarget } from './signed-invoker-target.ts';
import type { CredentialsSource, Target } from './signed-invoker-target.ts';
import { canonicalPath, encodeSegment, SigV4Signer } from './sigv4.ts';

export interface SignedInvokerOptions {
  /** Default: the region in the function's ARN. */
  readonly region?: string | undefined;
  /** Default: what the SDK finds (`AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`, AWS itself). */
  readonly endpoint?: string | undefined;
  /** Default: what the SDK finds. */
  readonly credentials?: CredentialsSource;
  /** Invocations in flight at a time, each on a connection of its own. Default 64. */
  readonly maxSockets?: number;
}

/** The Lambda API of one region. */
interface Service {
  readonly target: Target;
  readonly pool: Pool;
  readonly signer: SigV4Signer;
  /** To be added to this machine's clock, in ms. */
  clockOffsetMs: number;
}

interface FunctionPath {
  readonly path: string;
  readonly canonicalPath: string;
}

const OPERATIONS: Record<InvocationMode, readonly [before: string, after: string]> = {
  buffered: ['/2015-03-31/functions/', '/invocations'],
  stream: ['/2021-11-15/functions/', '/response-streaming-invocations'],
};

/** A signature is good for five minutes; a clock further off than that is corrected, as the SDK does. */
const MAX_CLOCK_SKEW_MS = 300_000;

/**
 * Invokes with a request of its own: endpoint and credentials as the SDK finds them, signed here, sent
 * through undici. A tenth of the SDK's CPU (docs/benchmarks.md); answers and errors are those of `sdkInvoker`. Never
 * replays: a batch that may have run is not sent again.
 */
export function signedInvoker(options: SignedInvokerOptions = {}): Invoker {
  const services = new Map<string, Promise<Service>>();
  const paths = new Map<string, FunctionPath>();

  const serviceOf = (functionArn: FunctionArn): Promise<Service> => {
    const region = options.region ?? parseFunctionArn(functionArn)?.region ?? '';
    let service = services.get(region);
    if (!service) {
      services.set(region, (service = connect(region, options)));
      // A file or metadata service that could not be read may be there the next time.
      service.catch(() => services.delete(region));
    }
    return service;
  };
  const pathOf = (mode: InvocationMode, functionArn: FunctionArn, { basePath }: Target) => {
    const [before, after] = OPERATIONS[mode];
    const key = `${before}${functionArn}`;
    let path = paths.get(key);
    if (!path) {
      const sent = `${basePath}${before}${encodeSegment(functionArn)}${after}`;
      paths.set(key, (path = { path: sent, canonicalPath: canonicalPath(sent) }));
    }
    return path;
  };

  return {
    async invoke(invocation) {
      let service: Service;
      let headers: string[];
      let path: FunctionPath;
      try {
        service = await serviceOf(invocation.functionArn);
        path = pathOf(invocation.mode, invocation.functionArn, service.target);
        headers = service.signer.sign({
          host: service.target.host,
          canonicalPath: path.canonicalPath,
          body: invocation.payload,
          tenantId: invocation.tenantId,
          credentials: await service.target.credentials(),
          nowMs: Date.now() + service.clockOffsetMs,
        });
        invocation.signal.throwIfAborted();
      } catch (error) {
        throw transportFailure(error);
      }
      headers.push('content-type', 'application/octet-stream');
      return send(service, path.path, headers, invocation);
    },
    async close() {
      const open = [...services.values()];
      services.clear();
      for (const pending of open) {
        const service = await pending.catch(() => undefined);
        service?.target.close();
        await service?.pool.destroy();
      }
    },
  };
}

async function connect(region: string, options: SignedInvokerOptions): Promise<Service> {
  const { endpoint, credentials, maxSockets = 64 } = options;
  const target = await resolveTarget({ region, endpoint, credentials });
  const pool = new Pool(target.origin, {
    connections: maxSockets,
    allowH2: false,
    // A function may run for 15 minutes; deadlines and `streamIdleTimeout` bound it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { target, pool, signer: new SigV4Signer(region), clockOffsetMs: 0 };
}

function send(
  service: Service,
  path: string,
  headers: string[],
  { mode, payload, signal }: Invocation,
): Promise<InvokeAnswer> {
  return new Promise((resolve, reject) => {
    const onAbort = () => exchange.abort(new Error('The invocation was aborted'));
    const exchange = new Exchange(mode === 'stream', {
      resolve,
      reject,
      ended: () => signal.removeEventListener('abort', onAbort),
      refused: (status, date) => correctClock(service, status, date),
    });
    signal.addEventListener('abort', onAbort);
    service.pool.dispatch({ method: 'POST', path, headers, body: payload }, exchange);
  });
}

function correctClock(service: Service, status: number, date: string | undefined): void {
  if (status !== 403 || date === undefined) return;
  const offsetMs = Date.parse(date) - Date.now();
  if (Math.abs(offsetMs - service.clockOffsetMs) >= MAX_CLOCK_SKEW_MS) {
    service.clockOffsetMs = offsetMs;
  }
}
