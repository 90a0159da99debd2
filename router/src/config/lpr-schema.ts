import { z } from 'zod';
import { integer, milliseconds, parsed, positive, section } from './fields.ts';
import {
  canonicalDimension,
  KEY_DIMENSION_FORM,
  parseKeyDimension,
  parseTenant,
  suggestKeyDimension,
  suggestTenant,
  TENANT_FORM,
} from './key-dimension.ts';

const dynamicWaitSchema = section({
  minWaitMs: milliseconds(0).describe(
    'The window of a key with hardly any requests, in ms; at most `maxWaitMs`.',
  ),
  targetRps: positive()
    .default(50)
    .describe('Requests per second at which the window is halfway to `maxWaitMs`.'),
  steepness: positive()
    .default(0.01)
    .describe('How fast the window grows with the rate around `targetRps`.'),
  samplingIntervalMs: milliseconds(1)
    .default(100)
    .describe('Length of one sample of the rate, in ms.'),
  smoothingSamples: integer(1, 10_000)
    .default(10)
    .describe('How many samples the rate is the mean of.'),
});

/** How an operation's requests are batched. */
export const lprSchema = section({
  maxWaitMs: milliseconds(0).describe(
    'Longest time a batch stays open after its first request, in ms; less than `timeoutMs`.',
  ),
  maxBatchSize: integer(1).describe('A batch leaves as soon as it has this many requests.'),
  timeoutMs: milliseconds(1)
    .optional()
    .describe(
      'Longest time from arrival to the answer or its head, in ms. Default: `DefaultTimeoutMs`.',
    ),
  invokeMode: z
    .enum(['buffered', 'response_stream'])
    .default('buffered')
    .describe('Whether the function answers a batch at once or record by record.'),
  key: z
    .array(parsed(KEY_DIMENSION_FORM, parseKeyDimension, suggestKeyDimension))
    .superRefine(forbidRepeats, { when: ({ value }) => Array.isArray(value) })
    .default([])
    .describe('Requests share a batch only when they agree in these headers and query parameters.'),
  dynamicWait: dynamicWaitSchema
    .optional()
    .describe('Lets the window follow the rate of requests. Default: always `maxWaitMs`.'),
  payloadFormat: z
    .enum(['batch', 'single'])
    .default('batch')
    .describe(
      'What the function gets: a batch, or one request as from API Gateway (then `maxBatchSize` counts as 1).',
    ),
  maxInFlight: integer(1)
    .optional()
    .describe(
      'Invocations of the function that may run at a time. Default: `MaxInflightInvocations`.',
    ),
  retryUnsent: integer(0, 100)
    .default(2)
    .describe('How often an invocation that certainly did not run is sent again.'),
  tenantId: parsed(TENANT_FORM, parseTenant, suggestTenant)
    .optional()
    .describe(
      "Header that names the request's tenant for Lambda's tenant isolation; separates batches as `key` does.",
    ),
});

function forbidRepeats(elements: readonly string[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, element] of elements.entries()) {
    if (typeof element !== 'string') continue;
    const dimension = canonicalDimension(element);
    if (seen.has(dimension)) {
      context.addIssue({ code: 'custom', path: [index], message: 'each dimension once' });
    }
    seen.add(dimension);
  }
}
