import { beforeAll, beforeEach, onTestFinished, vi } from 'vitest';
import { handler } from '../src/index.ts';
import { startS3 } from './bucket.ts';
import type { TestS3 } from './bucket.ts';
import { CloudFormation } from './cloudformation.ts';

/** A provider in this process, and S3 on this machine, for the tests of a file. */
export interface Provider {
  readonly s3: TestS3;
  /** What the function has logged. */
  readonly lines: string[];
  cloudFormation(stackName?: string): Promise<CloudFormation>;
}

/** Each test has an empty bucket `manifests` to itself. */
export function useProvider(): Provider {
  let s3: TestS3;
  const lines: string[] = [];
  beforeAll(async () => {
    s3 = await startS3();
    return () => s3[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await s3.reset();
    await s3.makeBucket('manifests');
    for (const [name, value] of Object.entries(s3.environment)) vi.stubEnv(name, value);
    lines.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    return () => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    };
  });
  return {
    get s3() {
      return s3;
    },
    lines,
    async cloudFormation(stackName) {
      const context = { getRemainingTimeInMillis: () => 30_000, logStreamName: 'stream' };
      const started = await CloudFormation.start((event) => handler(event, context), stackName);
      onTestFinished(() => started[Symbol.asyncDispose]());
      return started;
    },
  };
}
