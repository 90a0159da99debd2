import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import type { FunctionOutcome } from '../../src/functions/invocation.ts';
import { parseHandlerSpec } from '../../src/runtime/handler-spec.ts';
import { createProject } from '../support/project.ts';

const APP = `
export const handler = async (event, context) => {
  if (event.fail) throw new RangeError('no such thing');
  return { echo: event, id: context.awsRequestId, arn: context.invokedFunctionArn, 'ä': '€' };
};
`;

const STREAMING = `
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.setContentType('text/plain');
  stream.write('one ');
  if (event.fail) throw new RangeError('in the middle');
  stream.write('two');
  stream.end();
});
`;

async function functionOf(source: string, environment: Record<string, string> = {}) {
  const { directory } = await createProject({ 'app.mjs': source });
  const definition: FunctionDefinition = {
    name: 'app',
    baseDirectory: directory,
    handler: parseHandlerSpec('app.handler'),
    isolation: 'worker',
    process: { runtime: 'nodejs24.x' },
    timeoutSeconds: 10,
    memoryMb: 512,
    environment,
  };
  const registry = createRegistry([definition]);
  return {
    invoke: (event: string, mode: 'buffered' | 'stream' = 'buffered') =>
      registry.invoke('app', {
        payload: Buffer.from(event),
        mode,
        requestId: '8b2c7a64-0000-4000-8000-000000000001',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:app:live',
      }),
    [Symbol.asyncDispose]: () => registry.close(),
  };
}

async function read(outcome: FunctionOutcome): Promise<string> {
  if (outcome.type === 'buffered') return Buffer.from(outcome.bytes).toString();
  if (outcome.type === 'error') throw new Error(outcome.error.errorMessage);
  const chunks: Uint8Array[] = [];
  for await (const chunk of outcome.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an event that is no batch, behind the layer', () => {
  it.each([
    [
      'API Gateway',
      '{"version":"2.0","rawPath":"/a%20b","body":"\\"batch\\"","isBase64Encoded":false}',
      {},
    ],
    ['scheduled', '{"source":"aws.events","detail":{}}', {}],
    ['scheduled, with parallel events on', '{"source":"aws.events"}', { LPR_MAX_CONCURRENCY: '4' }],
  ])(
    'reaches the handler untouched, and its answer the caller: %s',
    async (_what, event, environment) => {
      await using app = await functionOf(APP, environment);
      const answer = await read(await app.invoke(event));
      expect(answer).toBe(
        `{"echo":${event},"id":"8b2c7a64-0000-4000-8000-000000000001",` +
          '"arn":"arn:aws:lambda:eu-west-1:123456789012:function:app:live","ä":"€"}',
      );
    },
  );

  it('has the error of its handler told to the caller', async () => {
    await using app = await functionOf(APP);
    expect(await app.invoke('{"fail":true}')).toMatchObject({
      type: 'error',
      error: { errorType: 'RangeError', errorMessage: 'no such thing' },
    });
    expect(await read(await app.invoke('{}'))).toContain('"echo":{}');
  });

  it('is answered by a stream as the handler writes it, and its failure in the middle is told', async () => {
    await using app = await functionOf(STREAMING);
    const outcome = await app.invoke('{}', 'stream');
    expect(outcome).toMatchObject({ type: 'stream', contentType: 'text/plain' });
    expect(await read(outcome)).toBe('one two');
    await expect(read(await app.invoke('{"fail":true}', 'stream'))).rejects.toThrow(
      'in the middle',
    );
  });
});
