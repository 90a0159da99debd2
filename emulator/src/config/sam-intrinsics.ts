import { LOCAL_ACCOUNT, LOCAL_REGION, functionArn } from '../functions/function-name.ts';
import { mapping, text, valueAt } from './raw-manifest.ts';

/** What a template's intrinsic functions can refer to in a local run. */
export interface TemplateScope {
  /** Default values by name. */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Names of functions by logical id. */
  readonly functionNames: ReadonlyMap<string, string>;
  /** Aliases (`AutoPublishAlias`) by the logical id of their function. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Names that the template gives to other resources, by logical id. */
  readonly resourceNames: ReadonlyMap<string, string>;
  /** The section `Mappings`. */
  readonly mappings: unknown;
  /** Whether a condition of the template is true, with the parameters' defaults. */
  readonly holds: (condition: string) => boolean;
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
 * Replaces intrinsic functions in a value as far as a local run knows what they stand for. What is no
 * part of it is told: another resource's `Ref` becomes the name that the template gives it, failing that
 * its logical id, anything else `undefined`. Elements and keys that are `undefined` are left out.
 */
export function resolve(value: unknown, path: readonly string[], scope: TemplateScope): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolve(item, [...path, String(index)], scope))
      .filter((item) => item !== undefined);
  }
  if (typeof value === 'string') return plain(value, path, scope);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length !== 1 || (name !== 'Ref' && !name.startsWith('Fn::'))) {
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, resolve(item, [...path, key], scope)] as const)
        .filter(([, item]) => item !== undefined),
    );
  }
  return call(name, argument, path, scope);
}

function call(
  name: string,
  argument: unknown,
  path: readonly string[],
  scope: TemplateScope,
): unknown {
  const list = (): unknown[] => (Array.isArray(argument) ? (argument as unknown[]) : []);
  const value = (item: unknown): unknown => resolve(item, path, scope);
  const values = (item: unknown): unknown[] => {
    const found = value(item);
    return Array.isArray(found) ? (found as unknown[]) : text(found).split(',');
  };
  switch (name) {
    case 'Ref':
      return reference(text(argument), path, scope);
    case 'Fn::GetAtt':
      return attribute(Array.isArray(argument) ? argument.join('.') : text(argument), path, scope);
    case 'Fn::Sub':
      return substitute(argument, path, scope);
    case 'Fn::Join': {
      const [separator, parts] = list();
      return values(parts).map(text).join(text(separator));
    }
    case 'Fn::Split': {
      const [separator, whole] = list();
      return text(value(whole)).split(text(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list();
      return values(items)[Number(value(index))];
    }
    case 'Fn::If': {
      const [condition, yes, no] = list();
      return value(scope.holds(text(condition)) ? yes : no);
    }
    case 'Fn::FindInMap': {
      const [map, ...keys] = list().slice(0, 3).map(value).map(text);
      const found = valueAt(scope.mappings, [map ?? '', ...keys]);
      return found ?? value(mapping(list()[3])['DefaultValue']);
    }
    case 'Fn::Base64':
      return Buffer.from(text(value(argument))).toString('base64');
    default:
      scope.warn(path, `\`${name}\`, which a local run leaves out`);
      return undefined;
  }
}

// CloudFormation puts a secret or a parameter in place of it, which are not here.
function plain(value: string, path: readonly string[], scope: TemplateScope): string {
  const [found] = /\{\{resolve:[^}]*\}\}/.exec(value) ?? [];
  if (found !== undefined) scope.warn(path, `\`${found}\`, which stays as it is`);
  return value;
}

function reference(name: string, path: readonly string[], scope: TemplateScope): unknown {
  if (name === 'AWS::NoValue') return undefined;
  const known = PSEUDO.get(name) ?? scope.functionNames.get(name) ?? scope.parameters.get(name);
  if (known !== undefined) return known;
  const alias = aliasArn(name, scope);
  if (alias !== undefined) return alias;
  const given = scope.resourceNames.get(name);
  if (given !== undefined) return given;
  scope.warn(path, `a reference to \`${name}\`, for which its name stands`);
  return name;
}

// SAM: `!Ref Hello.Alias` is the ARN of the alias that `AutoPublishAlias` makes.
function aliasArn(target: string, { aliases, functionNames }: TemplateScope): string | undefined {
  const [logicalId = '', part] = target.split('.');
  const [name, qualifier] = [functionNames.get(logicalId), aliases.get(logicalId)];
  if (part !== 'Alias' || name === undefined || qualifier === undefined) return undefined;
  return functionArn({ name, qualifier, region: undefined, account: undefined });
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
  const whole = text(pattern).replaceAll(/\$\{(?<literal>!?)(?<name>[^}]+)\}/g, (...match) => {
    const { literal, name } = match.at(-1) as { literal: string; name: string };
    if (literal !== '') return `\${${name}}`;
    const variables = mapping(own);
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name], path, scope));
    const alias = aliasArn(name, scope);
    if (alias !== undefined) return alias;
    const found = name.includes('.') ? attribute(name, path, scope) : reference(name, path, scope);
    return text(found);
  });
  return plain(whole, path, scope);
}
