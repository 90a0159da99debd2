import { compileConfig, manifestFromObject } from 'lpr-router';
import type { Operation } from 'lpr-router';
import { UsageError } from '../plan.ts';
import type { FunctionSettings } from './manifest-routes.ts';

/** A part of a template: what it is, is not known before it was looked at. */
type Mapping = Readonly<Record<string, unknown>>;

/** What a deployed template says of the router's routes and their functions. */
export interface DeployedTemplate {
  readonly operations: readonly Operation[];
  /** By a function's name. */
  readonly settingsOf: (functionName: string) => FunctionSettings;
  /** The name of the function behind an output that is a function URL. */
  readonly functionBehind: (output: string) => string | undefined;
}

const MANIFEST_TYPE = 'Custom::LprConfigPublisher';

/**
 * Reads a template as CloudFormation has processed it.
 *
 * @param physicalIds the names of the stack's resources by their logical ids
 * @throws UsageError when it has no manifest, ConfigError with every problem of its routes
 */
export function readTemplate(
  body: string,
  physicalIds: ReadonlyMap<string, string>,
): DeployedTemplate {
  const template = parse(body);
  const resources = Object.entries(mapping(template['Resources'])).map(
    ([logicalId, resource]) => [logicalId, mapping(resource)] as const,
  );
  const [, publisher] = resources.find(([, { Type }]) => Type === MANIFEST_TYPE) ?? [];
  if (publisher === undefined) {
    throw new UsageError(
      `Expected a \`${MANIFEST_TYPE}\` with the routes in the stack's template, got none: give a manifest with \`--config\``,
    );
  }
  const { Spec } = mapping(publisher['Properties']);
  const manifest = manifestFromObject({ Spec: resolve(Spec, physicalIds) }, "the stack's template");
  const properties = (logicalId: string) => {
    const [, resource] = resources.find(([id]) => id === logicalId) ?? [];
    return mapping(resource?.['Properties']);
  };
  return {
    operations: compileConfig(manifest, { listenAddr: 'optional' }).operations,
    settingsOf(functionName) {
      const [logicalId = ''] =
        [...physicalIds].find(([, physicalId]) => physicalId === functionName) ?? [];
      const { MemorySize, Architectures } = properties(logicalId);
      const [architecture = 'x86_64'] = Array.isArray(Architectures) ? Architectures : [];
      return {
        memoryMb: Number(MemorySize) || undefined,
        architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
      };
    },
    functionBehind(output) {
      const text = JSON.stringify(mapping(mapping(template['Outputs'])[output])) ?? '';
      // `!Sub ${Url.FunctionUrl}` or `!GetAtt Url.FunctionUrl`, in either notation.
      const [, urlId = ''] = /(\w+)(?:\.|",")FunctionUrl/.exec(text) ?? [];
      const target = resolve(properties(urlId)['TargetFunctionArn'], physicalIds);
      // A name, or an ARN that may go on with a qualifier.
      return typeof target === 'string'
        ? target.replace(/^arn:.*:function:|:[^:]*$/g, '')
        : undefined;
    },
  };
}

function parse(body: string): Mapping {
  try {
    return mapping(JSON.parse(body));
  } catch (error) {
    throw new UsageError(
      'Expected a template that CloudFormation has processed (JSON), as it does those of SAM: give a manifest with `--config`',
      { cause: error },
    );
  }
}

/** With the names that resources were given in place of references to them; other functions stay. */
function resolve(value: unknown, physicalIds: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(element, physicalIds));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = value as Mapping;
  const nameOf = (logicalId: string) => physicalIds.get(logicalId) ?? logicalId;
  if (typeof ref === 'string') return nameOf(ref);
  if (attribute !== undefined) {
    const [logicalId] = Array.isArray(attribute) ? attribute : [];
    return arnOf(nameOf(String(logicalId)));
  }
  if (typeof sub === 'string') {
    return sub
      .replaceAll(/\$\{(\w+)\.Arn\}/g, (_match, id: string) => arnOf(nameOf(id)))
      .replaceAll(/\$\{(\w+)\}/g, (_match, id: string) => nameOf(id));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [key, resolve(element, physicalIds)]),
  );
}

/** Nobody is called by it: only the name is looked at. */
function arnOf(functionName: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`;
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null ? (value as Mapping) : {};
}
