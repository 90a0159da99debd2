import { describe, expect, it } from 'vitest';
import { allowed, principals, trusted } from './support/allowed.ts';
import { readTemplate, templateNames } from './support/templates.ts';
import type { Resource } from './support/templates.ts';

/** The condition that a key is used by a service alone. */
const via = (service: string) =>
  `{"StringEquals":{"kms:ViaService":{"Fn::Sub":"${service}.\${AWS::Region}.\${AWS::URLSuffix}"}}}`;
const VIA_S3 = via('s3');
const INVOKE_AND_READ = [
  `kms:Decrypt on ConfigKmsKeyArn only ${VIA_S3} if HasConfigKey`,
  'lambda:InvokeFunction on FunctionArns',
  's3:GetObject on arn:${AWS::Partition}:s3:::${ConfigBucketName}/${ConfigPrefix}config/*',
];
const PULL_IMAGE = [
  'ecr:BatchCheckLayerAvailability on ImageRepositoryArn if HasPrivateRepository',
  'ecr:BatchGetImage on ImageRepositoryArn if HasPrivateRepository',
  'ecr:GetAuthorizationToken on * if HasPrivateRepository',
  'ecr:GetDownloadUrlForLayer on ImageRepositoryArn if HasPrivateRepository',
];
const WRITE_LOGS = ['logs:CreateLogStream on LogGroup.Arn', 'logs:PutLogEvents on LogGroup.Arn'];
const WRITE_FUNCTION_LOGS = [
  'logs:CreateLogStream on FunctionLogs.Arn',
  'logs:PutLogEvents on FunctionLogs.Arn',
];
const READ_SECRET = [
  `kms:Decrypt on OtlpHeadersKmsKeyArn only ${via('secretsmanager')} if HasOtlpHeadersKey`,
  'secretsmanager:GetSecretValue on OtlpHeadersSecretArn if HasOtlpHeaders',
];
const STARTED_BY_ECS = [...PULL_IMAGE, ...WRITE_LOGS, ...READ_SECRET].toSorted();

const APPLICATION =
  'arn:${AWS::Partition}:serverlessrepo:${AWS::Region}:${AWS::AccountId}:applications/lambda-parallel-router';

/** Of the bootstrap stack: its own bucket, or the one that it was given. */
const CONFIG_BUCKET =
  '{"Bucket":{"Fn::If":["HasOwnBucket",{"Ref":"ConfigBucket"},{"Ref":"ExistingBucketName"}]}}';
const MANIFESTS = `arn:\${AWS::Partition}:s3:::\${Bucket}/\${AllowedPrefix}*config/*.json, ${CONFIG_BUCKET}`;

/** All that each role may do. */
const ALLOWED: Record<string, Record<string, readonly string[]>> = {
  'router/fargate.yaml': { TaskRole: INVOKE_AND_READ, ExecutionRole: STARTED_BY_ECS },
  'router/express.yaml': {
    TaskRole: INVOKE_AND_READ,
    ExecutionRole: STARTED_BY_ECS,
    InfrastructureRole: [
      'managed policy arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSInfrastructureRoleforExpressGatewayServices',
    ],
  },
  'router/app-runner.yaml': {
    InstanceRole: [...INVOKE_AND_READ, ...READ_SECRET].toSorted(),
    AccessRole: [
      'ecr:BatchCheckLayerAvailability on ImageRepositoryArn',
      'ecr:BatchGetImage on ImageRepositoryArn',
      'ecr:DescribeImages on ImageRepositoryArn',
      'ecr:GetAuthorizationToken on *',
      'ecr:GetDownloadUrlForLayer on ImageRepositoryArn',
    ],
  },
  'router/network.yaml': {},
  'template.yaml': {
    ReaderRole: [
      'dynamodb:BatchGetItem on Visits.Arn',
      'dynamodb:GetItem on Visits.Arn',
      ...WRITE_FUNCTION_LOGS,
    ],
    WriterRole: [
      'dynamodb:GetItem on Visits.Arn',
      'dynamodb:UpdateItem on Visits.Arn',
      ...WRITE_FUNCTION_LOGS,
    ],
    PlainRole: WRITE_FUNCTION_LOGS,
  },
  'bootstrap/template.yaml': {
    ConfigPublisherRole: [
      `kms:Decrypt on ExistingBucketKmsKeyArn only ${VIA_S3} if HasKmsKey`,
      `kms:GenerateDataKey on ExistingBucketKmsKeyArn only ${VIA_S3} if HasKmsKey`,
      'logs:CreateLogStream on ConfigPublisherLogs.Arn',
      'logs:PutLogEvents on ConfigPublisherLogs.Arn',
      `s3:DeleteObject on ${MANIFESTS}`,
      `s3:GetObject on ${MANIFESTS}`,
      `s3:ListBucket on arn:\${AWS::Partition}:s3:::\${Bucket}, ${CONFIG_BUCKET} only {"StringLike":{"s3:prefix":{"Fn::Sub":"\${AllowedPrefix}*config/*"}}}`,
      `s3:PutObject on ${MANIFESTS}`,
    ],
  },
  'release/template.yaml': {
    Role: [
      'ecr-public:BatchCheckLayerAvailability on Image.Arn',
      'ecr-public:CompleteLayerUpload on Image.Arn',
      'ecr-public:GetAuthorizationToken on *',
      'ecr-public:InitiateLayerUpload on Image.Arn',
      'ecr-public:PutImage on Image.Arn',
      'ecr-public:UploadLayerPart on Image.Arn',
      's3:GetBucketLocation on Bucket.Arn',
      's3:GetObject on ${Bucket.Arn}/*',
      's3:ListBucket on Bucket.Arn',
      's3:PutObject on ${Bucket.Arn}/*',
      'serverlessrepo:CreateApplication on *',
      'serverlessrepo:CreateApplicationVersion on ${application}',
      'serverlessrepo:GetApplication on ${application}',
      'serverlessrepo:UpdateApplication on ${application}',
      'sts:GetServiceBearerToken on *',
    ].map((line) => line.replace('${application}', APPLICATION)),
  },
};

/** What ends in `*`, and why it cannot be narrower. */
const WILDCARDS: readonly (readonly [line: RegExp, reason: string])[] = [
  [/^ecr:GetAuthorizationToken on \*/, 'the action knows no resources'],
  [/^ecr-public:GetAuthorizationToken on \*/, 'the action knows no resources'],
  [/^sts:GetServiceBearerToken on \*/, 'the action knows no resources'],
  [/^serverlessrepo:CreateApplication on \*/, 'the action knows no resources'],
  [/^s3:(Get|Put)Object on \$\{Bucket\.Arn\}\/\*$/, 'every version has objects of its own'],
  [/^s3:.*Object on .*\/\$\{AllowedPrefix\}\*config\/\*\.json/, 'prefixes are chosen later'],
  [/^s3:ListBucket on .*"\$\{AllowedPrefix\}\*config\/\*"/, 'prefixes are chosen later'],
  [/^s3:GetObject on .*\/\$\{ConfigPrefix\}config\/\*$/, 'a rollback reads the manifest before'],
];

describe('the templates', () => {
  it.each(Object.keys(ALLOWED))('%s allows what is listed here and nothing else', (name) => {
    const { Resources } = readTemplate(name);
    const found = Object.fromEntries(
      principals({ Resources }).map((role) => [role, allowed(Resources[role]!)]),
    );
    expect(found).toEqual(ALLOWED[name]);
  });

  it('allow nothing by wildcard but where there is a reason', () => {
    const lines = templateNames().flatMap((name) => {
      const { Resources } = readTemplate(name);
      return Object.values(Resources).flatMap((resource) => allowed(resource));
    });
    const unexplained = lines.filter(
      (line) => line.includes('*') && !WILDCARDS.some(([known]) => known.test(line)),
    );
    expect(unexplained).toEqual([]);
    const unused = WILDCARDS.filter(([known]) => !lines.some((line) => known.test(line)));
    expect(unused).toEqual([]);
  });

  it('lets the environment `aws` of one repository alone take the role of releases', () => {
    expect(trusted(readTemplate('release/template.yaml').Resources['Role']!)).toEqual([
      {
        Effect: 'Allow',
        Principal: {
          Federated: {
            'Fn::If': ['MakeOidcProvider', { Ref: 'OidcProvider' }, { Ref: 'OidcProviderArn' }],
          },
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': {
              'Fn::Sub': 'repo:${Repository}:environment:aws',
            },
          },
        },
      },
    ]);
  });

  it('give every function a role that is written out', () => {
    const withoutRole = templateNames().flatMap((name) =>
      Object.entries(readTemplate(name).Resources)
        .filter(([, { Type }]) => Type === 'AWS::Serverless::Function')
        .filter(([, { Properties }]) => !('Role' in Properties))
        .map(([id]) => `${name} ${id}`),
    );
    expect(withoutRole).toEqual([]);
  });

  it('let one service take each role that is no release’s', () => {
    const services = templateNames()
      .filter((name) => name !== 'release/template.yaml')
      .flatMap((name) =>
        Object.entries(readTemplate(name).Resources)
          .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
          .map(([id, role]) => `${name} ${id}: ${takenBy(role)}`),
      );
    expect(services).toEqual([
      'bootstrap/template.yaml ConfigPublisherRole: lambda',
      'router/app-runner.yaml InstanceRole: tasks.apprunner',
      'router/app-runner.yaml AccessRole: build.apprunner',
      'router/express.yaml TaskRole: ecs-tasks of this account and region',
      'router/express.yaml ExecutionRole: ecs-tasks of this account and region',
      'router/express.yaml InfrastructureRole: ecs',
      'router/fargate.yaml TaskRole: ecs-tasks of this account and region',
      'router/fargate.yaml ExecutionRole: ecs-tasks of this account and region',
      'template.yaml ReaderRole: lambda',
      'template.yaml WriterRole: lambda',
      'template.yaml PlainRole: lambda',
    ]);
  });
});

/** The one service that may take a role, without `.amazonaws.com`. */
function takenBy(resource: Resource): string {
  const [statement, ...others] = trusted(resource);
  expect(others).toEqual([]);
  const { Effect, Action, Principal, Condition } = statement!;
  expect([Effect, Action, Object.keys(Principal)]).toEqual([
    'Allow',
    'sts:AssumeRole',
    ['Service'],
  ]);
  const service = Principal.Service.replace('.amazonaws.com', '');
  if (Condition === undefined) return service;
  const own = 'arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:*';
  expect(Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    ArnLike: { 'aws:SourceArn': { 'Fn::Sub': own } },
  });
  return `${service} of this account and region`;
}
