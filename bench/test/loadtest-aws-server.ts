import { text } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback-server.ts';

/** What the server knows: one stack and the metrics of its functions. */
export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical ids. */
  readonly resources: Readonly<Record<string, string>>;
  readonly template: object | string;
  /** The values that each request for metrics gets, by metric and function: `Duration/fn`. */
  readonly metrics?: (request: number) => Readonly<Record<string, readonly number[]>>;
}

interface MetricQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Value: string }[];
    };
  };
}

/** CloudFormation's and CloudWatch's endpoints for the unmodified SDK, on loopback; resolves to the URL. */
export function startAws(stack: DeployedStack): Promise<string> {
  let metricRequests = 0;
  return listenOnLoopback((request, response) => {
    void text(request).then((body) => {
      if (String(request.headers['x-amz-target']).endsWith('GetMetricData')) {
        metricRequests += 1;
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        response.end(metricsFor(body, stack.metrics?.(metricRequests) ?? {}));
      } else {
        const { status, xml } = cloudFormation(new URLSearchParams(body), stack);
        response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
      }
    });
  });
}

function metricsFor(body: string, values: Readonly<Record<string, readonly number[]>>): string {
  const { MetricDataQueries } = JSON.parse(body) as { MetricDataQueries: MetricQuery[] };
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
    const { MetricName, Dimensions } = MetricStat.Metric;
    return { Id, Values: values[`${MetricName}/${Dimensions[0]!.Value}`] ?? [] };
  });
  return JSON.stringify({ MetricDataResults });
}

function cloudFormation(parameters: URLSearchParams, stack: DeployedStack) {
  const name = String(parameters.get('StackName'));
  if (name !== stack.name) {
    const message = `Stack with id ${name} does not exist`;
    const error = `<Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message>`;
    return { status: 400, xml: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
  }
  const action = String(parameters.get('Action'));
  const result = `<${action}Result>${answerTo(action, parameters, stack)}</${action}Result>`;
  return { status: 200, xml: `<${action}Response>${result}</${action}Response>` };
}

function answerTo(action: string, parameters: URLSearchParams, stack: DeployedStack): string {
  switch (action) {
    case 'DescribeStacks':
      return `<Stacks><member><StackName>${stack.name}</StackName><Outputs>${members(
        Object.entries(stack.outputs),
        ([key, value]) =>
          `<OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue>`,
      )}</Outputs></member></Stacks>`;
    case 'GetTemplate': {
      const { template } = stack;
      const body = typeof template === 'string' ? template : JSON.stringify(template);
      return `<TemplateBody>${escaped(body)}</TemplateBody>`;
    }
    case 'ListStackResources': {
      // One on a page.
      const all = Object.entries(stack.resources);
      const at = Number(parameters.get('NextToken') ?? 0);
      const next = at + 1 < all.length ? `<NextToken>${at + 1}</NextToken>` : '';
      return `<StackResourceSummaries>${members(
        all.slice(at, at + 1),
        ([logical, physical]) =>
          `<LogicalResourceId>${logical}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId>`,
      )}</StackResourceSummaries>${next}`;
    }
    default:
      throw new Error(`Expected an action of CloudFormation, got \`${action}\``);
  }
}

function members<T>(items: readonly T[], render: (item: T) => string): string {
  return items.map((item) => `<member>${render(item)}</member>`).join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
