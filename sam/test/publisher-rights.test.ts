import { matchesGlob } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startS3 } from '../functions/config-publisher/test/bucket.ts';
import { CloudFormation } from '../functions/config-publisher/test/cloudformation.ts';
import { propertiesFor } from '../functions/config-publisher/test/manifests.ts';
import { recordS3Calls } from './support/s3-calls.ts';
import type { S3Call } from './support/s3-calls.ts';
import { readTemplate } from './support/templates.ts';
import type { Section } from './support/templates.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: Section;
  readonly Condition?: { readonly StringLike: { readonly 's3:prefix': Section } };
}

const { Resources } = readTemplate('bootstrap/template.yaml');
const [publish] = Resources['ConfigPublisherRole']!.Properties['Policies'] as [
  { readonly PolicyDocument: { readonly Statement: readonly Statement[] } },
];
const statements = publish.PolicyDocument.Statement;

/** The text of an `Fn::Sub` in the stack of these tests. */
function resolve(value: Section, allowedPrefix: string): string {
  const values: Record<string, string> = {
    'AWS::Partition': 'aws',
    Bucket: 'manifests',
    AllowedPrefix: allowedPrefix,
  };
  const [text] = [value['Fn::Sub']].flat();
  return String(text).replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => values[name] ?? '?');
}

/** IAM's `*` goes beyond slashes. */
const matches = (text: string, pattern: string) =>
  matchesGlob(text.replaceAll('/', '|'), pattern.replaceAll('/', '|'));

function isAllowed({ action, resource, prefix }: S3Call, allowedPrefix: string): boolean {
  return statements.some(({ Action, Resource, Condition }) => {
    const pattern = Condition?.StringLike['s3:prefix'];
    return (
      [Action].flat().includes(action) &&
      matches(resource, resolve(Resource, allowedPrefix)) &&
      (pattern === undefined || matches(prefix ?? '', resolve(pattern, allowedPrefix)))
    );
  });
}

/** What the publisher calls S3 for in a resource's life. */
async function callsOfALife(properties: object): Promise<readonly S3Call[]> {
  const s3 = await startS3();
  onTestFinished(() => s3[Symbol.asyncDispose]());
  await s3.makeBucket('manifests');
  const recorder = await recordS3Calls(String(s3.environment['AWS_ENDPOINT_URL_S3']));
  onTestFinished(() => recorder[Symbol.asyncDispose]());
  const environment = { ...s3.environment, AWS_ENDPOINT_URL_S3: recorder.endpoint };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const { handler } = await import('../functions/config-publisher/src/index.ts');
  const context = { getRemainingTimeInMillis: () => 30_000, logStreamName: 'stream' };
  await using cloudFormation = await CloudFormation.start((event) => handler(event, context));
  await cloudFormation.create(propertiesFor('/a', properties));
  await cloudFormation.update(propertiesFor('/b', properties));
  const { Status } = await cloudFormation.delete();
  expect(Status).toBe('SUCCESS');
  expect(await s3.keys('manifests')).toEqual([]);
  return recorder.calls;
}

describe("the config publisher's role", () => {
  test.each([
    ['any prefix', 'shop/', ''],
    ['no prefix', '', ''],
    ['the default prefix in a bucket with other uses', undefined, 'lpr/'],
  ])(
    'allows what the function calls, and no action that it does not, for %s',
    async (_, Prefix, allowed) => {
      const calls = await callsOfALife({ Prefix });
      expect(calls.filter((call) => !isAllowed(call, allowed))).toEqual([]);
      const granted = statements.flatMap(({ Action }) => Action);
      expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(granted));
    },
  );

  test.each<[string, S3Call]>([
    [
      'another object',
      {
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::manifests/lpr/notes.json',
        prefix: undefined,
      },
    ],
    [
      'another prefix',
      {
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::manifests/shop/config/a.json',
        prefix: undefined,
      },
    ],
    [
      'another bucket',
      {
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::other/lpr/config/a.json',
        prefix: undefined,
      },
    ],
    [
      'a list of everything',
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::manifests', prefix: undefined },
    ],
    [
      'old versions',
      {
        action: 's3:DeleteObjectVersion',
        resource: 'arn:aws:s3:::manifests/lpr/config/a.json',
        prefix: undefined,
      },
    ],
  ])('does not allow %s', (_, call) => {
    expect(isAllowed(call, 'lpr/')).toBe(false);
  });
});
