import { join } from 'node:path';
import { createRouter } from 'lpr-router';
import { startEmulator } from 'lpr-emulator';
import { describe, expect, it, vi } from 'vitest';
import { readSamTemplate } from '../../emulator/src/config/sam-template.ts';
import { useProvider } from '../functions/config-publisher/test/provider.ts';
import { readTemplate, SAM } from './support/templates.ts';
import type { Section } from './support/templates.ts';

const provider = useProvider();
const template = join(SAM, 'template.yaml');

/** The properties of the demo's manifest as CloudFormation sends them: everything but mappings and lists is text. */
async function properties(): Promise<Section> {
  const { manifest } = await readSamTemplate(template);
  const { Spec, ...RouterConfig } = manifest!.value as Section;
  const written = { Spec, RouterConfig, BucketName: 'manifests', Prefix: 'lpr-demo/' };
  return JSON.parse(JSON.stringify(written), (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  ) as Section;
}

describe('the manifest of the demo, published and loaded', () => {
  it('is where the task role may read, and gives a router that reaches the functions', async () => {
    const cloudFormation = await provider.cloudFormation('lpr-demo');
    const { Status, Data } = await cloudFormation.create(await properties());
    expect(Status).toBe('SUCCESS');

    const [, read] = taskStatements();
    const resource = String((read!['Resource'] as Section)['Fn::Sub'])
      .replace('${ConfigBucketName}', String(Data?.['BucketName']))
      .replace('${ConfigPrefix}', String(Data?.['Prefix']));
    const objects = resource.replace(/^arn:\$\{AWS::Partition\}:s3:::/, 's3://').replace(/\*$/, '');
    const uri = String(Data?.['ConfigS3Uri']);
    expect(uri.startsWith(objects)).toBe(true);

    await using emulator = await startEmulator({ template, port: 0 });
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', emulator.lambdaUrl);
    await using router = await createRouter({ config: uri });
    const answers = await Promise.all(
      ['a', 'b'].map((page) => router.inject(`/sse/${page}?events=1`)),
    );
    expect(answers.map(({ body }) => body)).toEqual([
      'id: 1\ndata: {"page":"a","tick":1}\n\n',
      'id: 1\ndata: {"page":"b","tick":1}\n\n',
    ]);
    const invoked = emulator.invocations().map(({ functionName }) => functionName);
    expect(new Set(invoked)).toEqual(new Set(['Sse']));
  });
});

function taskStatements(): readonly Section[] {
  const { Policies } = readTemplate('router/fargate.yaml').Resources['TaskRole']!.Properties;
  const [router] = Policies as { PolicyDocument: { Statement: Section[] } }[];
  return router!.PolicyDocument.Statement;
}
