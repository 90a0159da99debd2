import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator.ts';
import { startListening, startProgram } from '../support/program.ts';
import { createProject } from '../support/project.ts';

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Parameters:
  BatchSize: { Type: Number, Default: 2 }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: app.handler, Runtime: nodejs24.x, Role: !GetAtt Role.Arn }
  Manifest:
    Type: Custom::LprConfigPublisher
    Properties:
      ServiceToken: !GetAtt Publisher.Arn
      BucketName: !Ref Bucket
      RouterConfig:
        ListenAddr: 0.0.0.0:8080
        DefaultTimeoutMs: 900
      Spec:
        openapi: 3.0.1
        paths:
          /hello/{name}:
            get:
              x-target-lambda: !GetAtt Hello.Arn
              x-lpr: { maxWaitMs: 50, maxBatchSize: !Ref BatchSize }
`;
const APP = `
  export const handler = async ({ batch }) => ({
    v: 1,
    responses: batch.map(({ requestContext, rawPath }) => ({
      id: requestContext.requestId, statusCode: 200, body: rawPath + ' of ' + batch.length,
    })),
  });`;

async function project(template = TEMPLATE) {
  const { directory } = await createProject({ 'template.yaml': template, 'app.ts': APP });
  return { directory, template: join(directory, 'template.yaml') };
}

describe('a template with a manifest', () => {
  it('needs no other one', async () => {
    const { template } = await project();
    await using emulator = await startEmulator({ template, port: 0 });
    const bodies = ['ada', 'grace'].map(async (name) =>
      (await emulator.fetch(`/hello/${name}`)).text(),
    );
    expect(await Promise.all(bodies)).toEqual(['/hello/ada of 2', '/hello/grace of 2']);
    expect(emulator.warnings).toEqual([]);
    expect(emulator.host).toBe('127.0.0.1');
  });

  it('is found in the working directory', async () => {
    const { directory } = await project();
    const { url } = await startListening([], { cwd: directory });
    expect(await (await fetch(`${url}/hello/ada`)).text()).toBe('/hello/ada of 1');
  });

  it('yields to a manifest that is named', async () => {
    const { template } = await project();
    const config = { Spec: { paths: {} } };
    await using emulator = await startEmulator({ template, config, port: 0 });
    expect((await emulator.fetch('/hello/ada')).status).toBe(404);
  });

  it.each([
    ['maxWaitMs: 50', 'maxWaitMs: fifty', /:22:35: Spec\.paths.*maxWaitMs: .*`fifty`/],
    ['DefaultTimeoutMs', 'DefaultTimeout', /:15:9: DefaultTimeout: .*DefaultTimeoutMs/],
    ['!GetAtt Hello.Arn', '!GetAtt Hallo.Arn', /:21:40: Spec\.paths.*x-target-lambda: /],
  ])('has its problems at their place: %s as %s', async (right, wrong, message) => {
    const { template } = await project(TEMPLATE.replace(right, wrong));
    await expect(startEmulator({ template, port: 0 })).rejects.toThrow(message);
  });
});

it('a template without a manifest says what it lacks', async () => {
  const { directory } = await project(TEMPLATE.replace('Custom::LprConfigPublisher', 'Custom::X'));
  const { ended, stderr } = startProgram([], { cwd: directory });
  expect(await ended).toBe(2);
  expect(stderr()).toMatch(
    /template\.yaml: Resources: expected a `Custom::LprConfigPublisher` with the routes, or `--config FILE`, got none/,
  );
});
