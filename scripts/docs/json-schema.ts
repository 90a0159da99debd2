import { z } from 'zod';
import { settingsSchema } from '../../router/src/config/schema.ts';

/** The part of JSON Schema that the schema of manifests uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
}

/** Whether a field is known and means nothing to the router. */
export const isIgnored = ({ description }: JsonSchema): boolean => description === 'Ignored.';

/**
 * Makes the JSON Schema of manifests, for editors, from the schema that the router checks them with. It
 * accepts all that the router accepts, and some more: addresses, ARNs and templates are texts to it.
 */
export function manifestJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, {
    // What YAML language servers know best.
    target: 'draft-7',
    unrepresentable: 'any',
  });
  const definitions: Record<string, JsonSchema> = {};
  const root = adapt(schema as JsonSchema, definitions);
  return {
    $schema,
    title: 'Manifest of lambda-parallel-router',
    ...root,
    definitions,
  } as JsonSchema;
}

/** Turns what comes out of a check into what goes into it. */
function adapt(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  const inner = (one: JsonSchema): JsonSchema => adapt(one, definitions);
  const { type, properties, additionalProperties, required, anyOf, items, ...rest } = schema;
  if (type === 'integer' || type === 'number') return orText(schema);
  if (typeof additionalProperties === 'object') return adaptPaths(inner(additionalProperties));
  const adapted: JsonSchema = {
    ...rest,
    ...(type !== undefined && { type }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
    ...(items && { items: inner(items) }),
  };
  if (properties === undefined) return adapted;
  const entries = Object.entries(properties).map(([key, value]) => [key, inner(value)] as const);
  // After the check every default is there; before it, none has to be.
  const needed = required?.filter((key) => properties[key]?.default === undefined) ?? [];
  const object: JsonSchema = {
    ...adapted,
    properties: Object.fromEntries(entries),
    ...(Object.values(properties).some(isIgnored) && { patternProperties: VENDOR_KEYS }),
    additionalProperties: false,
    ...(needed.length > 0 && { required: needed }),
  };
  if (properties['x-target-lambda'] === undefined) return object;
  // The same for every method.
  definitions['operation'] = object;
  return { $ref: '#/definitions/operation' };
}

const VENDOR_KEYS = { '^[xX]-': {} };

function adaptPaths(path: JsonSchema): JsonSchema {
  return {
    type: 'object',
    patternProperties: { '^/': path, ...VENDOR_KEYS },
    additionalProperties: false,
  };
}

/** CloudFormation makes texts of numbers. */
function orText({
  type = 'number',
  description,
  default: fallback,
  ...limits
}: JsonSchema): JsonSchema {
  const { maximum, ...others } = limits;
  const bounded = maximum === Number.MAX_SAFE_INTEGER ? others : limits;
  const pattern = type === 'integer' ? String.raw`^-?\d+$` : String.raw`^-?(\d+\.?\d*|\.\d+)$`;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [
      { type, ...bounded },
      { type: 'string', pattern },
    ],
  };
}
