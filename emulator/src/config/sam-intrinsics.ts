import { LOCAL_ACCOUNT, LOCAL_REGION, functionArn } from '../functions/function-name.ts';
import { mapping, text } from './raw-manifest.ts';

/** What a template's intrinsic functions can refer to in a local run. */
export interface TemplateScope {
  /** Default values by name. */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Names of functions by logical id. */
  readonly functionNames: ReadonlyMap<string, string>;
  /** Told what a value stands for, or why there is none. */
  readonly warn: (path: readonly string[], got: string) => void;
}

const PSEUDO: ReadonlyMap<string, string> = new Map([
  ['AWS::AccountId', LOCAL_ACCOUNT],
  ['AWS::Region', process.env['AWS_REGION'] ?? LOCAL_REGION],
  ['AWS::Partition', 'aws'],
  ['AWS::StackName', 'local'],
  ['AWS::URLSuffix', 'amazonaws.com'],
]);

/**
 * Replaces `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` in a value as far as a local run knows what they
 * stand for. What is no part of it is told: another resource's `Ref` becomes its logical id, anything
 * else `undefined`.
 */
export function resolve(value: unknown, path: readonly string[], scope: TemplateScope): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolve(item, [...path, String(index)], scope));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (
    entries.length !== 1 ||
    (name !== 'Ref' && name !== 'Condition' && !name.startsWith('Fn::'))
  ) {
    return Object.fromEntries(
      entries.map(([key, item]) => [key, resolve(item, [...path, key], scope)]),
    );
  }
  switch (name) {
    case 'Ref':
      return reference(text(argument), path, scope);
    case 'Fn::GetAtt':
      return attribute(Array.isArray(argument) ? argument.join('.') : text(argument), path, scope);
    case 'Fn::Sub':
      return substitute(argument, path, scope);
    case 'Fn::Join': {
      const [separator, parts] = Array.isArray(argument) ? (argument as unknown[]) : [];
      const items = resolve(parts, path, scope);
      return Array.isArray(items) ? items.join(text(separator)) : undefined;
    }
    default:
      scope.warn(path, `\`${name}\`, which a local run leaves out`);
      return undefined;
  }
}

function reference(name: string, path: readonly string[], scope: TemplateScope): unknown {
  if (name === 'AWS::NoValue') return undefined;
  const known = PSEUDO.get(name) ?? scope.functionNames.get(name) ?? scope.parameters.get(name);
  if (known !== undefined) return known;
  scope.warn(path, `a reference to \`${name}\`, for which its name stands`);
  return name;
}

function attribute(target: string, path: readonly string[], scope: TemplateScope): unknown {
  const [logicalId = '', ...rest] = target.split('.');
  const name = scope.functionNames.get(logicalId);
  if (name !== undefined && rest.join('.') === 'Arn') {
    return functionArn({ name, qualifier: undefined, region: undefined, account: undefined });
  }
  scope.warn(path, `the attribute \`${target}\`, for which its name stands`);
  return target;
}

function substitute(argument: unknown, path: readonly string[], scope: TemplateScope): string {
  const [pattern, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  return text(pattern).replaceAll(/\$\{(?<literal>!?)(?<name>[^}]+)\}/g, (...match) => {
    const { literal, name } = match.at(-1) as { literal: string; name: string };
    if (literal !== '') return `\${${name}}`;
    const variables = mapping(own);
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name], path, scope));
    const found = name.includes('.') ? attribute(name, path, scope) : reference(name, path, scope);
    return text(found);
  });
}
