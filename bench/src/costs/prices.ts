import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const usd = z.number().nonnegative();
const tiers = z
  .array(z.strictObject({ upToMillions: z.number().positive().optional(), usd }))
  .min(1);
const source = z.string();
const fargate = z.strictObject({ perVcpuHour: usd, perGbHour: usd });

const schema = z.strictObject({
  region: z.string(),
  currency: z.literal('USD'),
  date: z.iso.date(),
  checkedOnline: z.boolean(),
  lambda: z.strictObject({
    source,
    perMillionRequests: usd,
    perGbSecond: z.strictObject({ x86_64: usd, arm64: usd }),
  }),
  httpApi: z.strictObject({ source, perMillionRequests: tiers }),
  restApi: z.strictObject({ source, perMillionRequests: tiers }),
  alb: z.strictObject({
    source,
    perHour: usd,
    perLcuHour: usd,
    lcu: z.strictObject({
      newConnectionsPerSecond: z.number().positive(),
      gbPerHour: z.number().positive(),
      gbPerHourToLambda: z.number().positive(),
    }),
  }),
  fargate: z.strictObject({ source, x86_64: fargate, arm64: fargate }),
  managedInstances: z.strictObject({
    source,
    perMillionRequests: usd,
    /** Part of the instances' price. */
    managementFee: z.number().nonnegative(),
    instance: z.strictObject({ type: z.string(), vcpus: z.number().positive(), perHour: usd }),
    minimumInstances: z.int().positive(),
    concurrencyPerVcpu: z.number().positive(),
  }),
});

/** Prices of one region in USD; `checkedOnline` says whether somebody compared them with AWS's pages on `date`. */
export type Prices = z.output<typeof schema>;

/** As AWS names the two in prices and function settings. */
export type Architecture = 'x86_64' | 'arm64';

/** The file that counts when no other is named. */
export const DEFAULT_PRICES = fileURLToPath(new URL('us-east-1.json', import.meta.url));

/**
 * Reads a file of prices; copy `us-east-1.json` for another region.
 *
 * @throws Error with every field that is missing, unknown or no price
 */
export function readPrices(file: string = DEFAULT_PRICES): Prices {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`Expected a JSON file of prices at \`${file}\`, got ${String(error)}`, {
      cause: error,
    });
  }
  const { data, error } = schema.safeParse(content);
  if (data === undefined) {
    throw new Error(`Expected prices in \`${file}\`, got\n${z.prettifyError(error)}`);
  }
  return data;
}
