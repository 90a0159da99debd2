import { join } from 'node:path';
import { formatProblem } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { readSamTemplate } from '../../src/config/sam-template.ts';
import { startEmulator } from '../../src/emulator.ts';
import { createProject } from '../support/project.ts';

async function project(resources: string, files: Record<string, string> = {}) {
  const text = `Parameters:\n  Seconds: { Type: Number }\nResources:\n${resources}`;
  const { directory } = await createProject({ 'template.yaml': text, 'src/app.ts': '', ...files });
  return { directory, template: join(directory, 'template.yaml') };
}

async function read(resources: string) {
  const { template } = await project(resources);
  const { functions, warnings } = await readSamTemplate(template);
  const lines = warnings.map((warning) => formatProblem(warning).replace(`${template}:`, ''));
  return { functions, warnings: lines };
}

describe('a function of a template', () => {
  it('is left out, with a warning, when its code is in no folder here', async () => {
    const { functions, warnings } = await read(`
  Inline: { Type: AWS::Serverless::Function, Properties: { InlineCode: x, Handler: index.handler, Runtime: nodejs24.x } }
  Image: { Type: AWS::Serverless::Function, Properties: { PackageType: Image, ImageUri: 'x:1' } }
  Bucket: { Type: AWS::Serverless::Function, Properties: { CodeUri: { Bucket: a, Key: b }, Handler: a.b, Runtime: nodejs24.x } }
`);
    expect(functions).toEqual([]);
    const expected = 'expected `CodeUri` with a folder, got code elsewhere';
    expect(warnings).toEqual([
      `5:72: Resources.Inline.Properties.InlineCode: ${expected}; \`Inline\` is left out`,
      `6:89: Resources.Image.Properties.ImageUri: ${expected}; \`Image\` is left out`,
      '7:69: Resources.Bucket.Properties.CodeUri: expected a folder here, got no path; `Bucket` is left out',
    ]);
  });

  it('has a default for a number that is not known', async () => {
    const { functions, warnings } = await read(`
  App: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs24.x, Timeout: !Ref Seconds, MemorySize: '256' } }
`);
    expect(functions[0]).toMatchObject({ timeoutSeconds: 30, memoryMb: 256 });
    expect(warnings[1]).toMatch(/Timeout: expected a number, got `Seconds`, which is left out$/);
  });

  it('retries events as often as it says', async () => {
    const { functions } = await read(`
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs24.x
      EventInvokeConfig:
        MaximumEventAgeInSeconds: 60
        MaximumRetryAttempts: 1
        DestinationConfig: { OnFailure: { Type: SQS } }
  Other: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs24.x } }
`);
    expect(functions[0]?.eventRetries).toMatchObject({ maxAgeMs: 60_000, maxRetries: 1 });
    expect(functions[1]).not.toHaveProperty('eventRetries');
  });
});

const LAYERS = `
  First: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: first } }
  Second: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: second }, Metadata: { BuildMethod: nodejs24.x } }
  Pages: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: pages } }
`;
const HANDLER = `
  import { name } from 'shared';
  import { only } from 'only-first';
  export const handler = async () => ({ statusCode: 200, body: name + ' ' + only });`;
const MODULES = {
  'first/nodejs/node_modules/shared/index.js': "exports.name = 'first';",
  'first/nodejs/node_modules/only-first/index.js': "exports.only = 'only';",
  'second/node_modules/shared/index.js': "exports.name = 'second';",
  'pages/python/pages.py': "NAME = 'python'",
  'src/app.ts': HANDLER,
  'src/app.py':
    'import pages\ndef handler(event, context):\n    return {"statusCode": 200, "body": pages.NAME}',
};

async function ask(template: string): Promise<string> {
  const target = { 'x-target-lambda': 'arn:aws:lambda:us-east-1:123456789012:function:App' };
  const lpr = { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: 'single', timeoutMs: 20_000 };
  const config = { Spec: { paths: { '/': { get: { ...target, 'x-lpr': lpr } } } } };
  await using emulator = await startEmulator({ template, config, port: 0 });
  expect(emulator.warnings).toEqual([]);
  return (await emulator.fetch('/')).text();
}

describe('layers of a template', () => {
  it('bring modules, later layers first', async () => {
    const { template } = await project(
      `${LAYERS}
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs24.x
      Layers: [!Ref First, !Ref Second]
`,
      MODULES,
    );
    expect(await ask(template)).toBe('second only');
  });

  it('bring modules of Python beside the layer that batches', async () => {
    const { template } = await project(
      `${LAYERS}
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.13
      Layers: [!Ref Pages, !GetAtt Bootstrap.Outputs.LayerArn]
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/lpr/exec-wrapper.sh } }
`,
      MODULES,
    );
    expect(await ask(template)).toBe('python');
  });

  it('are told when they are not here', async () => {
    const { warnings } = await read(`
  Ours: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer.zip } }
  Plain: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs24.x, Layers: [!Ref Ours] } }
  Bare:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs24.x
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/lpr/exec-wrapper.sh } }
`);
    expect(warnings.map((line) => line.replace(/^\d+:\d+: /, ''))).toEqual([
      'Resources.Plain.Properties.Layers: expected a layer with a folder here that has modules for the runtime, got `Ours`',
      'Resources.Bare.Properties.Layers: expected the layer with the wrapper, got none; `Bare` would not start in Lambda',
    ]);
  });
});
