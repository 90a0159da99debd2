import { mapping, text } from './raw-manifest.ts';
import { resolve } from './sam-intrinsics.ts';
import type { TemplateScope } from './sam-intrinsics.ts';

/**
 * Whether each of a template's `Conditions` is true; one that is not there, or that refers to itself, is
 * false. `scope` need not know conditions.
 */
export function conditionsOf(
  section: unknown,
  scope: Omit<TemplateScope, 'holds'>,
): TemplateScope['holds'] {
  const conditions = mapping(section);
  const known = new Map<string, boolean>();
  const holds = (name: string): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, false);
    const result = evaluate(conditions[name], { ...scope, holds });
    known.set(name, result);
    return result;
  };
  return holds;
}

function evaluate(condition: unknown, scope: TemplateScope): boolean {
  const [name = '', argument] = Object.entries(mapping(condition))[0] ?? [];
  const list = Array.isArray(argument) ? (argument as unknown[]) : [];
  switch (name) {
    case 'Condition':
      return scope.holds(text(argument));
    case 'Fn::Equals': {
      const [one, other] = list.map((item) => JSON.stringify(asText(resolve(item, [], scope))));
      return one === other;
    }
    case 'Fn::And':
      return list.length > 0 && list.every((item) => evaluate(item, scope));
    case 'Fn::Or':
      return list.some((item) => evaluate(item, scope));
    case 'Fn::Not':
      return !evaluate(list[0], scope);
    default:
      return false;
  }
}

// For CloudFormation `true` and `'true'` are the same.
function asText(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? value : text(value);
}
