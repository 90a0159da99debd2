import { z } from 'zod';
import { settingsSchema } from '../../router/src/config/schema.ts';

/** The part of JSON Schema that the schema of manifests uses. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Makes the JSON Schema of manifests, for editors, from the schema that the router checks them with. */
export function manifestJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, {
    // What YAML language servers know best.
    target: 'draft-7',
    io: 'output',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === 'object') makeDefaultsOptional(jsonSchema, def.shape);
      if (def.type === 'int' || def.type === 'number') allowText(jsonSchema);
      // Among the paths, and wherever else a vendor's keys are taken out before the check.
      if (def.type === 'pipe' && hasKeys(jsonSchema))
        jsonSchema.patternProperties = { '^[xX]-': {} };
    },
  });
  const title = 'Manifest of lambda-parallel-router';
  return { $schema, title, ...schema } as JsonSchema;
}

// The output has every default; the input need not.
function makeDefaultsOptional(
  jsonSchema: z.core.JSONSchema.BaseSchema,
  shape: z.core.$ZodShape,
): void {
  const required = jsonSchema.required?.filter((key) => shape[key]?._zod.optin !== 'optional');
  if (required === undefined || required.length === 0) delete jsonSchema.required;
  else jsonSchema.required = required;
}

function allowText(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  console.error(jsonSchema);
}

function hasKeys({ type, anyOf }: z.core.JSONSchema.BaseSchema): boolean {
  return type === 'object' || (anyOf?.some((one) => hasKeys(one as never)) ?? false);
}
