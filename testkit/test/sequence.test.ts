import { withBatchAdapter } from 'lpr-lambda-adapter';
import { invokeBatch, sequence, step } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';

describe('sequence', () => {
  it('interleaves invocations step by step, the same way every time', async () => {
    const seen: string[] = [];
    const lane = (name: string, steps: number) => async () => {
      for (let index = 1; index <= steps; index += 1) {
        seen.push(`${name}${index}`);
        await step();
      }
      return name;
    };
    expect(await sequence([lane('a', 3), lane('b', 2), lane('c', 1)])).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('lets items of one batch step side by side, in the turn of their batch', async () => {
    const seen: string[] = [];
    const handler = withBatchAdapter(async ({ rawPath }) => {
      seen.push(rawPath);
      await step();
      seen.push(`${rawPath} again`);
      return 'ok';
    });
    await sequence([() => invokeBatch(handler, ['/a', '/b']), () => invokeBatch(handler, ['/c'])]);
    expect(seen).toEqual(['/a', '/b', '/c', '/a again', '/b again', '/c again']);
  });

  it('shows what two batches in one warm environment share', async () => {
    let current = '';
    const leaky = withBatchAdapter(async ({ rawPath }) => {
      current = rawPath;
      await step();
      return current;
    });
    const runs = await sequence([
      () => invokeBatch(leaky, ['/a']),
      () => invokeBatch(leaky, ['/b']),
    ]);
    expect(runs.map((run) => run.recordOf(0))).toMatchObject([{ body: '/b' }, { body: '/b' }]);
  });

  it('lets the others finish when one fails', async () => {
    const seen: string[] = [];
    const failing = async () => {
      await step();
      throw new Error('boom');
    };
    const other = async () => {
      await step();
      await step();
      seen.push('other');
    };
    await expect(sequence([failing, other])).rejects.toThrow('boom');
    expect(seen).toEqual(['other']);
  });

  it('wants functions, for what has begun cannot wait for its turn', async () => {
    const begun = Promise.resolve() as never;
    await expect(sequence([begun])).rejects.toThrow(
      'Expected functions that begin an invocation, as `() => invokeBatch(…)`, got object',
    );
  });

  it('takes no step outside of a sequence', async () => {
    expect(await step()).toBeUndefined();
  });
});
