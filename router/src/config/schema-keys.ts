import type { z } from 'zod';
import { IGNORED } from './fields.ts';

/** The keys that a mapping may have. */
export interface KnownKeys {
  readonly own: readonly string[];
  /** Those that are let pass and mean nothing. */
  readonly ignored: readonly string[];
}

/** The keys of the mapping that `schema` describes at `path`; none where it describes no single mapping. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): KnownKeys {
  let current: z.core.$ZodType | undefined = schema;
  for (const key of path) current = current && child(current, key);
  const def = current && unwrap(current);
  if (def?.type !== 'object') return { own: [], ignored: [] };
  const keys = Object.keys(def.shape);
  return {
    own: keys.filter((key) => def.shape[key] !== IGNORED),
    ignored: keys.filter((key) => def.shape[key] === IGNORED),
  };
}

type Def = z.core.$ZodTypes['_zod']['def'];

function child(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const def = unwrap(schema);
  switch (def.type) {
    case 'object':
      return def.shape[String(key)];
    case 'record':
      return def.valueType;
    case 'array':
      return def.element;
    default:
      return undefined;
  }
}

/** Takes off what changes a schema's value but not the keys that it describes. */
function unwrap(schema: z.core.$ZodType): Def {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return unwrap(def.innerType);
    case 'pipe':
      return unwrap(def.in._zod.def.type === 'transform' ? def.out : def.in);
    default:
      return def;
  }
}
