import { describe, expect, test, vi } from 'vitest';
import { handler } from '../src/index.ts';
import { propertiesFor } from './manifests.ts';
import { useProvider } from './provider.ts';
import { startServer } from './servers.ts';

const provider = useProvider();
const { lines } = provider;

/** What Lambda gives the function; `remainingMs` counts down in real time. */
function contextFor(remainingMs = 30_000) {
  const end = Date.now() + remainingMs;
  return { getRemainingTimeInMillis: () => end - Date.now(), logStreamName: 'stream' };
}

/** A server that takes requests and says nothing. */
const startSilence = () => startServer(() => {});

describe('the answer to CloudFormation', () => {
  test('is put without a content type, which its signature does not allow', async () => {
    const cloudFormation = await provider.cloudFormation();
    await cloudFormation.create(propertiesFor());
    const [{ method, contentType, answer } = {}] = cloudFormation.arrivals;
    expect([method, contentType]).toEqual(['PUT', undefined]);
    expect(answer).toMatchObject({
      StackId: cloudFormation.stackId,
      LogicalResourceId: 'Manifest',
    });
  });

  test('is sent again while the other side fails', async () => {
    const cloudFormation = await provider.cloudFormation();
    cloudFormation.statuses.push(503, 500);
    expect(await cloudFormation.create(propertiesFor())).toMatchObject({ Status: 'SUCCESS' });
    expect(cloudFormation.arrivals).toHaveLength(3);
  });

  test('that is refused fails the invocation, which Lambda tries again', async () => {
    const cloudFormation = await provider.cloudFormation();
    cloudFormation.statuses.push(403);
    const event = cloudFormation.creation(propertiesFor());
    await expect(handler(event, contextFor())).rejects.toThrow(
      'Expected CloudFormation to take the answer, got HTTP 403',
    );
    expect(cloudFormation.arrivals).toHaveLength(1);
    await handler(event, contextFor());
    expect(cloudFormation.arrivals.map(({ answer }) => answer)).toEqual([
      cloudFormation.arrivals[0]?.answer,
      cloudFormation.arrivals[0]?.answer,
    ]);
  });

  test('that nobody takes fails the invocation before its time is over', async () => {
    const silence = await startSilence();
    const cloudFormation = await provider.cloudFormation();
    const event = {
      ...cloudFormation.creation({}),
      ResponseURL: `${silence.url}/?Signature=SECRET`,
    };
    const context = contextFor(700);
    await expect(handler(event, context)).rejects.toThrow(
      'Expected CloudFormation to take the answer, got TimeoutError',
    );
    expect(silence.requests).toEqual(['/?Signature=SECRET']);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  test('is a failure when S3 takes longer than the function has', async () => {
    const silence = await startSilence();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', silence.url);
    const cloudFormation = await provider.cloudFormation();
    await handler(cloudFormation.creation(propertiesFor()), contextFor(10_300));
    expect(cloudFormation.arrivals).toHaveLength(1);
    expect(cloudFormation.arrivals[0]?.answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^Expected to read `s3:.*`, got no answer in time \(AbortError\)$/,
      ),
    });
  });

  test('whose URL is a secret leaves no trace of it in the log', async () => {
    const cloudFormation = await provider.cloudFormation();
    cloudFormation.statuses.push(500);
    await cloudFormation.create(propertiesFor());
    await cloudFormation.create({});
    cloudFormation.statuses.push(403);
    await handler(cloudFormation.creation({}), contextFor()).catch((error: Error) =>
      lines.push(String(error.stack)),
    );
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.join('')).not.toMatch(/SECRET|http:/);
  });
});
