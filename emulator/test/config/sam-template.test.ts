import { join } from 'node:path';
import { formatProblem } from 'lpr-router';
import { expect, test } from 'vitest';
import { readSamTemplate } from '../../src/config/sam-template.ts';
import { startEmulator } from '../../src/emulator.ts';
import { createProject } from '../support/project.ts';

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: dev }
Globals:
  Function:
    Runtime: nodejs24.x
    Timeout: 7
    Environment: { Variables: { STAGE: !Ref Stage, LEVEL: info } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub hello-\${Stage}
      CodeUri: hello/
      Handler: app.handler
      MemorySize: 256
      ReservedConcurrentExecutions: 5
      Environment:
        Variables:
          LEVEL: debug
          OTHER: !GetAtt World.Arn
          WHERE: !Join ['-', [!Ref AWS::Region, '\${literal}', !Ref Stage]]
          SUB: !Sub ['\${A}/\${!B}/\${AWS::AccountId}', { A: !Ref Hello }]
          NONE: !Ref AWS::NoValue
          TABLE: !Ref Table
          QUEUE: !GetAtt Queue.Arn
          IMPORTED: !ImportValue somewhere
  World:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hello, Handler: app.world }
  Layered:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello
      Handler: app.handler
      Runtime: python3.13
      Layers: [!GetAtt Ours.LayerVersionArn]
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/lpr/exec-wrapper.sh } }
  Python:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hello, Handler: app.handler, Runtime: python3.13 }
  Away:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: s3://bucket/key, Handler: app.handler }
  Table: { Type: AWS::DynamoDB::Table }
`;
const MANIFEST = `
Spec:
  paths:
    /hello:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello-dev
        x-lpr: { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: single }
`;
const APP = `
  export const handler = async () => process.env;
  export const world = async () => 'world';`;

async function project() {
  const { directory, write } = await createProject({
    'template.yaml': TEMPLATE,
    'router.yaml': MANIFEST,
    'hello/app.ts': APP,
  });
  return { directory, write, template: join(directory, 'template.yaml') };
}

test('functions of a template have its settings, with what it refers to put in place', async () => {
  const { directory, template } = await project();
  const { functions } = await readSamTemplate(template);
  expect(functions.map(({ name }) => name)).toEqual(['hello-dev', 'World', 'Layered']);
  expect(functions[0]).toEqual({
    name: 'hello-dev',
    baseDirectory: join(directory, 'hello'),
    handler: { text: 'app.handler', modulePath: 'app', exportPath: ['handler'] },
    isolation: 'in-process',
    timeoutSeconds: 7,
    memoryMb: 256,
    reservedConcurrency: 5,
    environment: {
      STAGE: 'dev',
      LEVEL: 'debug',
      OTHER: 'arn:aws:lambda:us-east-1:000000000000:function:World',
      WHERE: 'us-east-1-${literal}-dev',
      SUB: 'hello-dev/${B}/000000000000',
      TABLE: 'Table',
      QUEUE: 'Queue.Arn',
    },
  });
  expect(functions[2]).toMatchObject({
    process: { runtime: 'python3.13' },
    environment: { STAGE: 'dev', LEVEL: 'info' },
  });
});

test('whatever a local run does not know is a warning at its place', async () => {
  const { template } = await project();
  const { warnings } = await readSamTemplate(template);
  const lines = warnings.map((warning) => formatProblem(warning).replace(`${template}:`, ''));
  const at = 'Resources.Hello.Properties.Environment.Variables';
  expect(lines).toEqual([
    `26:23: ${at}.TABLE: expected what a local run knows, got a reference to \`Table\`, for which its name stands`,
    `27:26: ${at}.QUEUE: expected what a local run knows, got the attribute \`Queue.Arn\`, for which its name stands`,
    `28:34: ${at}.IMPORTED: expected what a local run knows, got \`Fn::ImportValue\`, which a local run leaves out`,
    '42:66: Resources.Python.Properties.Runtime: expected `nodejs…`, or our layer with `/opt/lpr/exec-wrapper.sh`, got `python3.13`; `Python` is left out',
    '45:28: Resources.Away.Properties.CodeUri: expected a folder here, got `s3://bucket/key`; `Away` is left out',
  ]);
});

test('routes of the manifest reach functions of the template', async () => {
  const { directory, template, write } = await project();
  await write('template.yaml', TEMPLATE.replace(/ {2}Layered:[^]*?(?= {2}Python:)/, ''));
  const config = join(directory, 'router.yaml');
  const manifest = { config, template, host: '127.0.0.1', port: 0 };
  await using emulator = await startEmulator(manifest);
  expect(await (await emulator.fetch('/hello')).json()).toMatchObject({ LEVEL: 'debug' });
});

test('a template that is no YAML is an error at its place', async () => {
  const { directory } = await createProject({ 'template.yaml': 'Resources:\n  - : [' });
  const file = join(directory, 'template.yaml');
  await expect(readSamTemplate(file)).rejects.toThrow(new RegExp(`^${file}:\\d+:\\d+: template: `));
  await expect(readSamTemplate(join(directory, 'none.yaml'))).rejects.toThrow('ENOENT');
});
