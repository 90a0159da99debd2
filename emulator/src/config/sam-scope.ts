import { mapping, text, valueAt } from './raw-manifest.ts';
import { conditionsOf } from './sam-conditions.ts';
import { resolve } from './sam-intrinsics.ts';
import type { TemplateScope } from './sam-intrinsics.ts';

/** The property whose value a `Ref` stands for, by the resource's type. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Serverless::SimpleTable': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::StepFunctions::Activity': 'Name',
  'AWS::Events::EventBus': 'Name',
};

/** The resources of a template that exist: without a `Condition`, or with one that is true. */
export function resourcesOf(template: unknown, holds: TemplateScope['holds']) {
  return Object.entries(mapping(valueAt(template, ['Resources'])))
    .map(([logicalId, resource]) => [logicalId, mapping(resource)] as const)
    .filter(([, { Condition }]) => Condition === undefined || holds(text(Condition)));
}

/** What the intrinsic functions of a template can refer to: parameters have their defaults. */
export function scopeOf(template: unknown, warn: TemplateScope['warn']): TemplateScope {
  const nothing = new Map<string, string>();
  const first = {
    parameters: new Map(
      Object.entries(mapping(valueAt(template, ['Parameters'])))
        .map(([name, parameter]) => [name, mapping(parameter)] as const)
        // The default of these is a name in the Parameter Store.
        .filter(([, { Type }]) => !text(Type).startsWith('AWS::SSM::'))
        .map(([name, { Default }]) => [name, Default]),
    ),
    mappings: valueAt(template, ['Mappings']),
    functionNames: nothing,
    aliases: nothing,
    resourceNames: nothing,
    // Names may refer to what is not known yet: that is told where they are used.
    warn: () => undefined,
  };
  const holds = conditionsOf(valueAt(template, ['Conditions']), first);
  const scope: TemplateScope = { ...first, holds };
  const globals = valueAt(template, ['Globals', 'Function']);
  const functionNames = new Map<string, string>();
  const aliases = new Map<string, string>();
  const resourceNames = new Map<string, string>();
  for (const [logicalId, { Type, Properties }] of resourcesOf(template, holds)) {
    const property = (name: string): string => text(resolve(mapping(Properties)[name], [], scope));
    if (Type === 'AWS::Serverless::Function') {
      functionNames.set(logicalId, property('FunctionName') || logicalId);
      const alias =
        property('AutoPublishAlias') ||
        text(resolve(mapping(globals)['AutoPublishAlias'], [], scope));
      if (alias !== '') aliases.set(logicalId, alias);
    } else {
      const name = property(NAME_PROPERTIES[text(Type)] ?? '');
      if (name !== '') resourceNames.set(logicalId, name);
    }
  }
  return { ...scope, functionNames, aliases, resourceNames, warn };
}
