import { compileConfig, manifestFromObject } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { readTemplate } from './support/templates.ts';
import type { Section } from './support/templates.ts';

const NAMES = ['router/fargate.yaml', 'router/express.yaml', 'router/app-runner.yaml'];
const fargate = readTemplate('router/fargate.yaml');

/** What the router does when the manifest says nothing about it. */
const defaults = compileConfig(
  manifestFromObject({ ListenAddr: '0.0.0.0:8080', Spec: { paths: {} } }),
);

function properties(name: string): Section {
  return fargate.Resources[name]!.Properties;
}

/** The default of the parameter that a value refers to. */
function defaultOf(value: unknown): number {
  return Number(fargate.Parameters![(value as { Ref: string }).Ref]?.['Default']);
}

function attribute(resource: string, list: string, key: string): number {
  const attributes = properties(resource)[list] as { Key: string; Value: unknown }[];
  return defaultOf(attributes.find((candidate) => candidate.Key === key)?.Value);
}

function container(): Section {
  return (properties('TaskDefinition')['ContainerDefinitions'] as Section[])[0]!;
}

describe('the Fargate service', () => {
  it('lets the load balancer close idle connections before the router does', () => {
    const idleMs =
      attribute('LoadBalancer', 'LoadBalancerAttributes', 'idle_timeout.timeout_seconds') * 1000;
    expect(idleMs).toBeLessThan(defaults.keepAliveTimeoutMs);
  });

  it('leaves a task the time to drain', () => {
    const drainMs = defaults.drainDelayMs + defaults.drainTimeoutMs;
    expect(defaultOf(container()['StopTimeout']) * 1000).toBeGreaterThanOrEqual(drainMs + 5000);
  });

  it('waits as long for requests in flight as the router does before a task is stopped', () => {
    const name = 'deregistration_delay.timeout_seconds';
    const delayMs = attribute('TargetGroup', 'TargetGroupAttributes', name) * 1000;
    expect(delayMs).toBeGreaterThanOrEqual(defaults.drainTimeoutMs);
  });

  it('rolls back on failed starts and on 5xx, and counts no 4xx', () => {
    const alarms = { Enable: true, Rollback: true, AlarmNames: [{ Ref: 'ErrorsAlarm' }] };
    expect(properties('Service')['DeploymentConfiguration']).toEqual({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      Alarms: alarms,
    });
    const text = JSON.stringify(properties('ErrorsAlarm')['Metrics']);
    expect(
      [...text.matchAll(/"MetricName":"(?<name>\w+)"/g)].map(({ groups }) => groups?.['name']),
    ).toEqual(['RequestCount', 'HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count']);
  });

  it('has two large tasks before it has many', () => {
    const { MinTasks, Cpu, Memory } = fargate.Parameters!;
    expect([MinTasks!['Default'], Cpu!['Default'], Memory!['Default']]).toEqual([2, 1024, 2048]);
    expect(properties('Service')).not.toHaveProperty('DesiredCount');
  });

  it('scales on CPU, between the tasks that are asked for', () => {
    expect(properties('ScalableTarget')).toMatchObject({
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: { Ref: 'MinTasks' },
      MaxCapacity: { Ref: 'MaxTasks' },
    });
    expect(properties('ScalingPolicy')).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        TargetValue: { Ref: 'CpuTargetPercent' },
      },
    });
  });

  it('runs in private subnets unless it is told otherwise', () => {
    expect(properties('Service')['NetworkConfiguration']).toEqual({
      AwsvpcConfiguration: {
        Subnets: { Ref: 'TaskSubnetIds' },
        SecurityGroups: [{ Ref: 'TaskSecurityGroup' }],
        AssignPublicIp: { Ref: 'TaskPublicIp' },
      },
    });
    expect(fargate.Parameters!['TaskPublicIp']!['Default']).toBe('DISABLED');
  });

  it('forwards HTTPS where there is a certificate, and only redirects HTTP then', () => {
    const forward = { Type: 'forward', TargetGroupArn: { Ref: 'TargetGroup' } };
    const redirect = {
      Type: 'redirect',
      RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
    };
    expect(properties('HttpListener')['DefaultActions']).toEqual([
      { 'Fn::If': ['HasCertificate', redirect, forward] },
    ]);
    expect(fargate.Resources['HttpsListener']!.Condition).toBe('HasCertificate');
    expect(properties('HttpsListener')).toMatchObject({
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: { Ref: 'CertificateArn' } }],
      DefaultActions: [forward],
    });
  });

  it('answers for health and metrics on the inside only', () => {
    expect(properties('ManagementPathsRule')['Conditions']).toEqual([
      {
        Field: 'path-pattern',
        PathPatternConfig: { Values: ['/healthz', '/readyz', '/metrics'] },
      },
    ]);
    expect(properties('TargetGroup')['HealthCheckPath']).toBe('/readyz');
  });

  it('lets only the load balancer reach tasks', () => {
    expect(properties('TaskSecurityGroup')).not.toHaveProperty('SecurityGroupIngress');
    expect(properties('TaskIngress')).toMatchObject({
      GroupId: { Ref: 'TaskSecurityGroup' },
      SourceSecurityGroupId: { Ref: 'LoadBalancerSecurityGroup' },
      FromPort: { Ref: 'Port' },
      ToPort: { Ref: 'Port' },
    });
  });

  it('lets a Prometheus reach tasks, too, where one is named', () => {
    expect(fargate.Parameters!['MetricsSecurityGroupId']!['Default']).toBe('');
    expect(fargate.Resources['MetricsIngress']).toEqual({
      Type: 'AWS::EC2::SecurityGroupIngress',
      Condition: 'HasMetricsReader',
      Properties: {
        ...properties('TaskIngress'),
        SourceSecurityGroupId: { Ref: 'MetricsSecurityGroupId' },
        Description: 'Prometheus',
      },
    });
  });
});

describe('every way of running the router', () => {
  it.each(NAMES)('%s takes its manifest, image and functions the same way', (name) => {
    const { Parameters } = readTemplate(name);
    for (const shared of [
      'ImageUri',
      'ImageRepositoryArn',
      'ConfigS3Uri',
      'ConfigBucketName',
      'ConfigPrefix',
      'FunctionArns',
      'Port',
      'LogLevel',
      'OtlpEndpoint',
      'OtlpProtocol',
      'OtlpHeadersSecretArn',
      'OtlpHeadersKmsKeyArn',
    ]) {
      const { Description: _, ...rest } = fargate.Parameters![shared]!;
      expect(Parameters![shared], shared).toMatchObject(rest);
    }
  });

  it.each(NAMES)('%s asks `/readyz`, sets CPU and memory, and passes no secret as text', (name) => {
    const { Resources } = readTemplate(name);
    const text = JSON.stringify(Resources);
    expect(text).toMatch(/"(?:HealthCheckPath|Path)":"\/readyz"/);
    expect(text).toContain('"Cpu":{"Ref":"Cpu"}');
    expect(text).toContain('"Memory":{"Ref":"Memory"}');
    const secret =
      /\{"Name":"LPR_OTEL_HEADERS_JSON","(?:ValueFrom|Value)":\{"Ref":"OtlpHeadersSecretArn"\}\}/;
    expect(text).toMatch(secret);
    const section =
      /"(?<list>Secrets|RuntimeEnvironmentSecrets)":\{"Fn::If":\["HasOtlpHeaders",\[\{"Name":"LPR_OTEL_HEADERS_JSON"/;
    expect(text).toMatch(section);
  });

  it.each(NAMES.slice(0, 2))('%s keeps logs for as long as it is told, and no longer', (name) => {
    const { Resources, Parameters } = readTemplate(name);
    expect(Resources['LogGroup']!.Properties['RetentionInDays']).toEqual({
      Ref: 'LogRetentionDays',
    });
    expect(Parameters!['LogRetentionDays']!['Default']).toBe(30);
    expect(JSON.stringify(Resources)).toMatch(/"(?:awslogs-group|LogGroup)":\{"Ref":"LogGroup"\}/);
  });

  it.each(NAMES)(
    '%s tells the router its manifest and the region that the bucket is asked in',
    (name) => {
      const text = JSON.stringify(readTemplate(name).Resources);
      expect(text).toContain('{"Name":"LPR_CONFIG_URI","Value":{"Ref":"ConfigS3Uri"}}');
      expect(text).toContain('{"Name":"AWS_REGION","Value":{"Ref":"AWS::Region"}}');
    },
  );

  it.each(NAMES)('%s exports traces where it is told to, and otherwise none', (name) => {
    const text = JSON.stringify(readTemplate(name).Resources);
    for (const [variable, parameter] of [
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OtlpEndpoint'],
      ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OtlpProtocol'],
    ]) {
      const pair = JSON.stringify({ Name: variable, Value: { Ref: parameter } });
      expect(text).toContain(`{"Fn::If":["HasOtlp",${pair},{"Ref":"AWS::NoValue"}]}`);
    }
  });

  it.each(NAMES)('%s says where requests go', (name) => {
    expect(readTemplate(name).Outputs).toHaveProperty('Url');
  });
});
