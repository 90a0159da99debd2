import { inline } from './templates.ts';
import type { Resource, Section, Template } from './templates.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Policy {
  readonly PolicyDocument?: { readonly Statement: readonly Statement[] };
  readonly Statement?: Statement | readonly Statement[];
}

/** Everything in a template that is given rights: roles, and functions with policies of their own. */
export function principals(template: Template): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Role' || 'Policies' in Properties)
    .map(([name]) => name);
}

/**
 * What a role or function may do, a line for each action and resource: `ACTION on RESOURCE`, and the
 * condition under which it is there.
 */
export function allowed({ Properties }: Resource): string[] {
  const managed = [Properties['ManagedPolicyArns'] ?? []].flat();
  const policies = [Properties['Policies'] ?? []].flat();
  return [
    ...managed.map((arn) => `managed policy ${inline(arn)}`),
    ...policies.flatMap((policy) => fromPolicy(policy)),
  ].toSorted();
}

/** Who may take a role. */
export interface Trust {
  readonly Effect: string;
  readonly Action: string;
  readonly Principal: { readonly Service: string };
  readonly Condition?: unknown;
}

export function trusted({ Properties }: Resource): readonly Trust[] {
  const { Statement } = Properties['AssumeRolePolicyDocument'] as { Statement: readonly Trust[] };
  return Statement;
}

function fromPolicy(policy: unknown, condition = ''): string[] {
  if (typeof policy === 'string') return [`managed policy ${policy}`];
  const branches = (policy as Section)['Fn::If'] as readonly unknown[] | undefined;
  if (branches !== undefined) {
    const [name, yes, no] = branches as [string, unknown, unknown];
    return [...fromPolicy(yes, ` if ${name}`), ...fromPolicy(no, ` unless ${name}`)];
  }
  if ((policy as Section)['Ref'] === 'AWS::NoValue') return [];
  const { PolicyDocument, Statement } = policy as Policy;
  const statements = [PolicyDocument?.Statement ?? Statement].flat();
  if (statements.includes(undefined)) return [`SAM policy ${JSON.stringify(policy)}`];
  return (statements as Statement[]).flatMap((statement) => fromStatement(statement, condition));
}

function fromStatement({ Effect, Action, Resource, Condition }: Statement, condition: string) {
  const only = Condition === undefined ? '' : ` only ${JSON.stringify(Condition)}`;
  const resources = Array.isArray(Resource) ? (Resource as unknown[]) : [Resource];
  return [Action]
    .flat()
    .flatMap((action) =>
      resources.map(
        (resource) =>
          `${Effect === 'Allow' ? '' : `${Effect} `}${action} on ${inline(resource)}${only}${condition}`,
      ),
    );
}
