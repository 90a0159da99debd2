import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ItemContext } from '../../src/item.ts';
import type { ItemEvent } from '../../src/lambda-types.ts';

/** How many items meet before any of them goes on. */
export const ITEMS = 3;

/**
 * A handler that uses AWS Powertools as their documentation says, and meets the other items of its batch between
 * any two steps, so that whatever they share shows. The Logger and the Metrics are made once, before any item.
 */
export function createPowertoolsApp() {
  const logger = new Logger({ serviceName: 'test' });
  const metrics = new Metrics({ namespace: 'test', serviceName: 'test' });
  const charges: string[] = [];
  const charge = makeIdempotent(
    async ({ order }: { order: string }) => {
      charges.push(order);
      await meet();
      return { charged: order };
    },
    {
      persistenceStore: new CachePersistenceLayer({ client: memoryCache() }),
      config: new IdempotencyConfig({}),
    },
  );
  let waiting: (() => void)[] = [];
  const meet = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === ITEMS) {
        for (const go of waiting.splice(0)) go();
      }
    });

  const handler = async (event: ItemEvent, context: ItemContext) => {
    const id = event.requestContext.requestId;
    logger.addContext(context);
    logger.appendKeys({ item: id });
    metrics.addDimension('tenant', id);
    metrics.addMetric('served', MetricUnit.Count, 1);
    await meet();
    logger.info('served', { expected: id });
    metrics.addMetadata('item', id);
    await meet();
    metrics.publishStoredMetrics();
    logger.resetKeys();
    return {
      statusCode: 200,
      body: JSON.stringify(event.body ? await charge({ order: id }) : null),
    };
  };
  waiting = [];
  return { handler, charges };
}

/** As much of a Redis client as the persistence layer uses. */
function memoryCache() {
  const values = new Map<string, string>();
  return {
    get: async (key: string) => values.get(key) ?? null,
    set: async (key: string, value: unknown, options?: { NX?: unknown }) => {
      if (options?.NX && values.has(key)) return null;
      values.set(key, String(value));
      return 'OK';
    },
    del: async (keys: string[]) => keys.filter((key) => values.delete(key)).length,
  };
}

/** What is in log lines: the item that a line was for beside the key it carries, and the dimensions of metrics. */
export function readPowertoolsLines(lines: readonly string[]) {
  const parsed = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
  return {
    logs: parsed
      .filter(({ message }) => message === 'served')
      .map(({ expected, item }) => [expected, item])
      .toSorted(),
    metrics: parsed
      .filter((line) => '_aws' in line)
      .map(({ tenant, served, item }) => [tenant, served, item])
      .toSorted(),
  };
}
