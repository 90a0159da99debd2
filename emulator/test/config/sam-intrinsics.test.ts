import { join } from 'node:path';
import { formatProblem } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { readSamTemplate } from '../../src/config/sam-template.ts';
import { createProject } from '../support/project.ts';

const SECTIONS = `
Parameters:
  Stage: { Type: String, Default: prod }
  Zones: { Type: CommaDelimitedList, Default: 'a,b,c' }
  Size: { Type: Number, Default: 2 }
  Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /stored/name }
Mappings:
  Sizes:
    '2': { Memory: 512 }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsLarge: !Equals [!Ref Size, '2']
  Both: !And [!Condition IsProd, !Condition IsLarge]
  Neither: !Not [!Or [!Condition IsProd, !Condition IsLarge]]
  Itself: !Not [!Condition Itself]
`;

async function read(resources: string) {
  const text = `${SECTIONS}Resources:\n${resources}`;
  const { directory } = await createProject({ 'template.yaml': text, 'src/app.ts': '' });
  const file = join(directory, 'template.yaml');
  const { functions, warnings } = await readSamTemplate(file);
  return {
    functions,
    warnings: warnings.map((warning) => formatProblem(warning).replace(`${file}:`, '')),
  };
}

async function readValue(expression: string) {
  const { functions, warnings } = await read(`
  Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: !Sub 'items-\${Stage}' } }
  Other: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs24.x, AutoPublishAlias: live } }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs24.x
      Environment: { Variables: { VALUE: ${expression} } }
`);
  return {
    value: functions.find(({ name }) => name === 'Hello')?.environment['VALUE'],
    warnings: warnings.map((warning) => warning.replace(/.*, got /, '')),
  };
}

async function valueOf(expression: string): Promise<unknown> {
  const { value, warnings } = await readValue(expression);
  expect(warnings).toEqual([]);
  return value;
}

describe('a value of a template', () => {
  it.each([
    ['!If [Both, yes, no]', 'yes'],
    ['!If [Neither, yes, no]', 'no'],
    ['!If [Unknown, yes, no]', 'no'],
    ['!FindInMap [Sizes, !Ref Size, Memory]', '512'],
    ["!FindInMap [Sizes, '3', Memory, { DefaultValue: 1 }]", '1'],
    ['!Select [1, !Ref Zones]', 'b'],
    ["!Select [0, !Split ['/', x/y]]", 'x'],
    ["!Join ['-', !Ref Zones]", 'a-b-c'],
    ['!Base64 hello', 'aGVsbG8='],
    ['!Ref Table', 'items-prod'],
    ['!Ref Other.Alias', 'arn:aws:lambda:us-east-1:000000000000:function:Other:live'],
    ["!Sub '${Other.Alias}'", 'arn:aws:lambda:us-east-1:000000000000:function:Other:live'],
  ])('is known: %s', async (expression, value) => {
    expect(await valueOf(expression)).toBe(value);
  });

  it.each([
    ['!Ref Stored', 'Stored', 'a reference to `Stored`, for which its name stands'],
    ["'{{resolve:ssm:/a}}'", '{{resolve:ssm:/a}}', '`{{resolve:ssm:/a}}`, which stays as it is'],
    [
      "!Sub 'x-{{resolve:ssm:/${Stage}}}'",
      'x-{{resolve:ssm:/prod}}',
      '`{{resolve:ssm:/prod}}`, which stays as it is',
    ],
  ])('is elsewhere, which is told: %s', async (expression, value, warning) => {
    expect(await readValue(expression)).toEqual({ value, warnings: [warning] });
  });

  it('is left out where there is none', async () => {
    expect(await valueOf('!If [Neither, x, !Ref AWS::NoValue]')).toBeUndefined();
  });
});

describe('a function of a template', () => {
  it('is there only when its condition is true', async () => {
    const properties = 'Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs24.x }';
    const { functions } = await read(`
  One: { Type: AWS::Serverless::Function, Condition: Both, ${properties} }
  Two: { Type: AWS::Serverless::Function, Condition: Neither, ${properties} }
  Three: { Type: AWS::Serverless::Function, Condition: Itself, ${properties} }
`);
    expect(functions.map(({ name }) => name)).toEqual(['One', 'Three']);
  });

  it.each([
    ['app.handler', '[src/app.ts]', 'src/app'],
    ['api/get.handler', '[src/api/get.ts, src/put.ts]', 'src/api/get'],
    ['get.handler', '[src/api/get.ts, src/api/put.ts]', 'src/api/get'],
    ['other.handler', '[src/app.ts]', 'other'],
    ['app.handler', '[app.ts]', 'app'],
  ])('of esbuild is found in its sources: %s of %s', async (handler, entries, modulePath) => {
    const { functions } = await read(`
  Built:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: ${handler}, Runtime: nodejs24.x }
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: ${entries} } }
`);
    expect(functions[0]?.handler).toMatchObject({ modulePath, exportPath: ['handler'] });
  });
});
