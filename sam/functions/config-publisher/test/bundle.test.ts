import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startFunction } from '../../../../adapter/test/runtime-client/start-function.ts';
import { startS3 } from './bucket.ts';
import { CloudFormation } from './cloudformation.ts';
import { propertiesFor } from './manifests.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
/** 1.2 MB: beyond it, something has come in that the function does not need. */
const MOST_BYTES = 1_200_000;

let folder: string;
beforeAll(async () => {
  // Away from this repository's packages, as it will be in Lambda.
  folder = await mkdtemp(join(tmpdir(), 'lpr-publisher-'));
  await copyFile(join(dist, 'index.mjs'), join(folder, 'handlers.mjs'));
  return () => rm(folder, { recursive: true });
});

describe('what is deployed', () => {
  test('is one file, without the HTTP server and the telemetry of the router', async () => {
    expect(await readdir(dist)).toEqual(['index.mjs']);
    const code = await readFile(join(dist, 'index.mjs'), 'utf8');
    expect(Buffer.byteLength(code)).toBeLessThan(MOST_BYTES);
    expect(code).not.toMatch(/fastify|@opentelemetry\/|grpc-js/);
  });

  test("publishes, refuses and removes under AWS's runtime client", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3[Symbol.asyncDispose]());
    await s3.makeBucket('manifests');
    await using lambda = await startFunction(folder, 'handler', {
      ...s3.environment,
      LPR_CONFIG_BUCKET: 'manifests',
    });
    await using cloudFormation = await CloudFormation.start((event) => lambda.invoke(event));
    const { Status, Data } = await cloudFormation.create(
      propertiesFor('/a', { BucketName: undefined }),
    );
    expect(Status).toBe('SUCCESS');
    expect(await s3.keys('manifests')).toEqual([Data?.['ConfigKey']]);
    const { Reason } = await cloudFormation.update(propertiesFor('no slash'));
    expect(Reason).toContain('Manifest: Spec.paths.no slash: expected a path');
    await cloudFormation.delete();
    expect(await s3.keys('manifests')).toEqual([]);
    expect(lambda.lines.join('\n')).not.toContain('SECRET');
  });
});
