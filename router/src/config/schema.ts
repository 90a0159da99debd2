import { z } from 'zod';
import { FUNCTION_ARN_FORM, isRegion, parseFunctionArn } from '../routing/function-arn.ts';
import {
  headerNames,
  integer,
  milliseconds,
  parsed,
  section,
  withoutVendorKeys,
} from './fields.ts';
import { LISTEN_ADDRESS_FORM, parseListenAddress, suggestListenAddress } from './listen-address.ts';
import { lprSchema } from './lpr-schema.ts';
import { DOCUMENT_FIELDS, OPERATION_FIELDS, PATH_FIELDS } from './openapi-fields.ts';
import type { InvokerName } from './router-config.ts';
import { NETWORK_EXAMPLE, NETWORK_FORM, parseNetwork } from './trusted-proxies.ts';

/** The keys of a path under which operations stand, with the method that each is for. */
export const METHOD_KEYS = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  options: 'OPTIONS',
  head: 'HEAD',
  patch: 'PATCH',
  trace: 'TRACE',
  'x-amazon-apigateway-any-method': 'ANY',
} as const;

/** The client that is used where the manifest names none. */
const DEFAULT_INVOKER: InvokerName = 'signed';

const OURS = ['x-lpr', 'x-target-lambda', 'x-amazon-apigateway-any-method'];

const operationSchema = z.preprocess(
  withoutVendorKeys(['x-lpr', 'x-target-lambda']),
  section(
    {
      operationId: z.string().optional().describe("The operation's name, for people."),
      'x-target-lambda': parsed(
        `a function ARN such as \`${FUNCTION_ARN_FORM}\``,
        parseFunctionArn,
      ).describe('ARN of the function behind the operation; a qualifier is optional.'),
      'x-lpr': lprSchema.describe("How the operation's requests are batched."),
    },
    OPERATION_FIELDS,
  ),
);

const pathSchema = z.preprocess(
  withoutVendorKeys(OURS),
  section(
    {
      get: operationSchema.optional(),
      put: operationSchema.optional(),
      post: operationSchema.optional(),
      delete: operationSchema.optional(),
      options: operationSchema.optional(),
      head: operationSchema.optional(),
      patch: operationSchema.optional(),
      trace: operationSchema.optional(),
      'x-amazon-apigateway-any-method': operationSchema.optional(),
    } satisfies Record<keyof typeof METHOD_KEYS, unknown>,
    PATH_FIELDS,
  ),
);

const specSchema = z.preprocess(
  withoutVendorKeys(OURS),
  section(
    {
      // OpenAPI lets vendors' keys stand among the paths, too.
      // `/hello:` with nothing under it is null, and as legal as an empty mapping.
      paths: z
        .preprocess(withoutVendorKeys([]), z.record(z.string(), pathSchema.nullable()).nullable())
        .describe('Path templates, with their methods.'),
    },
    DOCUMENT_FIELDS,
  ),
);

const ListenAddr = parsed(LISTEN_ADDRESS_FORM, parseListenAddress, suggestListenAddress).describe(
  'Address to listen at, `IP:port` or `[IPv6]:port`; port 0 takes a free one.',
);

const otherSettings = {
  AwsRegion: parsed('an AWS region such as `eu-west-1`', (text) => isRegion(text) || undefined)
    .optional()
    .describe("Region of the functions. Default: the one in each function's ARN."),
  AdminAddr: parsed(LISTEN_ADDRESS_FORM, parseListenAddress, suggestListenAddress)
    .optional()
    .describe(
      'Another address for `/healthz`, `/readyz` and `/metrics`, which are then not served at `ListenAddr`.',
    ),
  Invoker: z
    .enum(['sdk', 'signed'])
    .default(DEFAULT_INVOKER)
    .describe("What calls Lambda: the AWS SDK's client, or a leaner one that signs by itself."),
  MaxInflightInvocations: integer(1)
    .default(64)
    .describe('Invocations that may run at a time, over all functions.'),
  MaxInflightRequests: integer(1)
    .default(4096)
    .describe('Requests that may be in the router at a time.'),
  MaxPendingInvocations: integer(1)
    .default(256)
    .describe('Batches that may wait for their invocation, over all functions.'),
  MaxQueueDepthPerKey: integer(1)
    .default(1000)
    .describe(
      'Requests of one batch key that may wait for an invocation, the open batch not counted.',
    ),
  IdleTtlMs: milliseconds(1)
    .default(30_000)
    .describe('How long a batch key without requests is remembered, in ms.'),
  DefaultTimeoutMs: milliseconds(1)
    .default(2000)
    .describe('`timeoutMs` of operations that have none of their own, in ms.'),
  KeepAliveTimeoutMs: milliseconds(1)
    .default(65_000)
    .describe("How long an idle connection stays open, in ms; longer than a load balancer's."),
  StreamIdleTimeoutMs: milliseconds(1)
    .default(30_000)
    .describe('How long a streamed answer may send nothing before it is cut off, in ms.'),
  DrainDelayMs: milliseconds(0)
    .default(10_000)
    .describe(
      'How long requests are still served after SIGTERM, for load balancers to notice, in ms.',
    ),
  DrainTimeoutMs: milliseconds(0)
    .default(30_000)
    .describe('How long requests in flight may take after that, in ms.'),
  MaxBodyBytes: integer(1).default(1_048_576).describe('Largest body of a request, in bytes.'),
  MaxInvokePayloadBytes: integer(1)
    .default(6_291_456)
    .describe('Largest payload of an invocation, in bytes.'),
  MaxRecordBytes: integer(1)
    .default(8_388_608)
    .describe('Longest line of a streamed answer, in bytes.'),
  ClientBufferBytes: integer(1)
    .default(4_194_304)
    .describe('What a slow reader may have outstanding before it alone is cut off, in bytes.'),
  ForwardHeaders: section({
    Allow: headerNames().optional().describe('Headers that functions see. Default: all.'),
    Deny: headerNames().default([]).describe('Headers that functions never see.'),
  })
    .default({ Deny: [] })
    .describe('Which headers of a request reach functions: those allowed and not denied.'),
  TrustedProxies: z
    .union([integer(0), z.array(parsed(NETWORK_FORM, parseNetwork))], {
      error: `a number of proxies, or a list of networks such as ${NETWORK_EXAMPLE}`,
    })
    .default(0)
    .describe(
      "Whose `X-Forwarded-For` counts for the client's address: how many proxies stand before the router, or their networks.",
    ),
  Spec: specSchema.describe('The routes, as an OpenAPI document; its own fields are ignored.'),
  Emulator: z.unknown().optional().describe('Settings of `lpr-emulator`; ignored by the router.'),
};

/** Every key of a manifest, with its default and description. */
export const settingsSchema = section({ ListenAddr, ...otherSettings });

/** The same for those who know from elsewhere where to listen. */
export const unboundSettingsSchema = section({
  ListenAddr: ListenAddr.optional(),
  ...otherSettings,
});
