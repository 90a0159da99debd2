import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { compileConfig, readManifest } from 'lpr-router';
import type { Clock, Operation } from 'lpr-router';
import { UsageError } from '../plan.ts';
import type { LoadRoute } from '../routes.ts';
import { meanDurations } from './function-durations.ts';
import { routesOf } from './manifest-routes.ts';
import { readTemplate } from './stack-template.ts';
import type { DeployedTemplate } from './stack-template.ts';
import type { Target } from './target.ts';
import { plainRoute } from './url-target.ts';

export interface StackSource {
  readonly stack: string;
  /** Default: the AWS SDK's. */
  readonly region: string | undefined;
  /** A manifest in place of the one in the stack's template. */
  readonly config: string | undefined;
  /** In place of the output `DirectUrl`. */
  readonly direct: URL | undefined;
  /** For CloudWatch's metrics; 0 does not ask for them. */
  readonly metricsWaitMs: number;
  readonly clock: Clock;
}

/** The outputs that are looked for; those of `sam/template.yaml`. */
const ROUTER_OUTPUT = 'RouterUrl';
const DIRECT_OUTPUT = 'DirectUrl';

/**
 * A deployed stack: the router at its output `RouterUrl` with the routes of its template, and the
 * function URL at `DirectUrl` as the baseline.
 *
 * @throws UsageError when the stack lacks what is needed, or what the AWS SDK throws
 */
export async function stackTarget(source: StackSource): Promise<Target> {
  const { stack, region, config, metricsWaitMs, clock } = source;
  const settings = region === undefined ? {} : { region };
  const cloudFormation = new CloudFormationClient(settings);
  try {
    await checkRegion(cloudFormation);
    const outputs = await readOutputs(cloudFormation, stack);
    const routerUrl = outputs.get(ROUTER_OUTPUT);
    if (routerUrl === undefined) {
      const names = [...outputs.keys()].map((name) => `\`${name}\``).join(', ') || 'none';
      throw new UsageError(
        `Expected an output \`${ROUTER_OUTPUT}\` of the stack \`${stack}\`, got ${names}: give the router with \`--url\``,
      );
    }
    const template = config === undefined ? await fetchTemplate(cloudFormation, stack) : undefined;
    const operations = template?.operations ?? (await operationsIn(config!));
    const directUrl = source.direct?.href ?? outputs.get(DIRECT_OUTPUT);
    const routes = [
      ...(directUrl === undefined ? [] : [directRoute(directUrl, template)]),
      ...routesOf(operations, routerUrl, template?.settingsOf),
    ];
    const cloudWatch = new CloudWatchClient(settings);
    const functionNames = [...new Set(routes.flatMap(({ functionName = [] }) => functionName))];
    return {
      description: `stack ${stack}`,
      routes,
      ...(metricsWaitMs === 0 || functionNames.length === 0
        ? {}
        : {
            durations: (since: Date, signal: AbortSignal) =>
              meanDurations(cloudWatch, {
                functionNames,
                since,
                waitMs: metricsWaitMs,
                clock,
                signal,
              }),
          }),
      async [Symbol.asyncDispose]() {
        cloudWatch.destroy();
      },
    };
  } finally {
    cloudFormation.destroy();
  }
}

/** The SDK says only `Region is missing`. */
async function checkRegion({ config }: CloudFormationClient): Promise<void> {
  try {
    await config.region();
  } catch (error) {
    throw new UsageError(
      'Expected the region of the stack, by `--region` or in AWS_REGION, got none',
      { cause: error },
    );
  }
}

async function readOutputs(
  client: CloudFormationClient,
  stack: string,
): Promise<ReadonlyMap<string, string>> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

async function fetchTemplate(
  client: CloudFormationClient,
  stack: string,
): Promise<DeployedTemplate> {
  const { TemplateBody = '' } = await client.send(
    new GetTemplateCommand({ StackName: stack, TemplateStage: 'Processed' }),
  );
  const physicalIds = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId !== undefined && PhysicalResourceId !== undefined) {
        physicalIds.set(LogicalResourceId, PhysicalResourceId);
      }
    }
  }
  return readTemplate(TemplateBody, physicalIds);
}

async function operationsIn(config: string): Promise<readonly Operation[]> {
  const manifest = await readManifest(config);
  return compileConfig(manifest, { listenAddr: 'optional' }).operations;
}

function directRoute(url: string, template: DeployedTemplate | undefined): LoadRoute {
  const functionName = template?.functionBehind(DIRECT_OUTPUT);
  const settings = functionName === undefined ? {} : template?.settingsOf(functionName);
  return { ...plainRoute('direct', 'GET', url, true), functionName, ...settings };
}
