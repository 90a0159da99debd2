import { lambdaContext } from 'lpr-testkit';
import { expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ItemContext } from '../src/item.ts';
import type { ItemEvent } from '../src/lambda-types.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { settled, Steps } from './support/steps.ts';

/** A handler that keeps what it was given and stops twice: after its start and before its answer. */
function stepwise() {
  const steps = new Steps();
  const seen = new Map<string, { event: ItemEvent; context: ItemContext }>();
  const handler = withBatchAdapter(async (event, context) => {
    const id = event.requestContext.requestId;
    seen.set(id, { event, context });
    await steps.wait(`${id} writes`);
    event.headers['x-seen-by'] = id;
    context.functionName = id;
    Object.assign(context, { logger: id });
    await steps.wait(`${id} answers`);
    const { logger } = context as ItemContext & { logger?: string };
    return [id, event.headers['x-seen-by'], context.functionName, logger, context.item?.requestId];
  });
  const go = async (step: string) => {
    steps.go(step, undefined);
    await settled();
  };
  return { handler, seen, go };
}

it('two items of a batch, interleaved step by step, never see what the other wrote', async () => {
  const { handler, seen, go } = stepwise();
  const context = lambdaContext({ functionName: 'hello' });
  const answer = handler(batchOf('a', 'b'), context);
  await go('a writes');
  expect(seen.get('b')?.context.functionName).toBe('hello');
  expect(seen.get('b')?.event.headers).toEqual({});
  await go('b writes');
  await go('a answers');
  await go('b answers');
  expect((await answer).responses.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    ['a', 'a', 'a', 'a', 'a'],
    ['b', 'b', 'b', 'b', 'b'],
  ]);
  expect(context.functionName).toBe('hello');
  expect(context).not.toHaveProperty('logger');
});

it('two invocations at once in one environment, interleaved step by step, stay apart', async () => {
  const { handler, go } = stepwise();
  const first = handler(batchOf('a'), lambdaContext({ awsRequestId: 'aws-1' }));
  const second = handler(batchOf('b'), lambdaContext({ awsRequestId: 'aws-2' }));
  await go('b writes');
  await go('a writes');
  await go('b answers');
  expect((await second).responses.map(({ id }) => id)).toEqual(['b']);
  await go('a answers');
  expect(JSON.parse((await first).responses[0]?.body ?? '')).toEqual(['a', 'a', 'a', 'a', 'a']);
});

it('nested objects of the context are separate too', async () => {
  const identity = { cognitoIdentityId: 'x', cognitoIdentityPoolId: 'y' };
  const clientContext = { custom: { tenant: 'none' } } as never;
  const contexts: ItemContext[] = [];
  const handler = withBatchAdapter((_, context) => void contexts.push(context));
  await handler(batchOf('a', 'b'), { ...lambdaContext(), identity, clientContext });
  const [first, second] = contexts;
  expect(first?.identity).toEqual(identity);
  expect(first?.identity).not.toBe(second?.identity);
  expect(first?.clientContext).toEqual(clientContext);
  expect(first?.clientContext?.custom).not.toBe(second?.clientContext?.custom);
});

it('answers share no object, even those that fail', async () => {
  const handler = withBatchAdapter(() => 'ok');
  const { responses } = await handler(batchOf('a', 'b'));
  expect(responses[0]?.headers).toEqual(responses[1]?.headers);
  expect(responses[0]?.headers).not.toBe(responses[1]?.headers);
});

it("an item's remaining time is the smaller of Lambda's and the time to its deadline", async () => {
  const withDeadline = (id: string, deadlineMs: number) => {
    const event = itemEvent(id);
    return { ...event, requestContext: { ...event.requestContext, lpr: { deadlineMs } } };
  };
  const handler = withBatchAdapter((_, context) => context.getRemainingTimeInMillis());
  const soon = Date.now() + 2_000;
  const late = Date.now() + 3_600_000;
  const batch = batchEvent([
    withDeadline('a', soon),
    withDeadline('b', late),
    withDeadline('c', 0),
    itemEvent('d'),
  ]);
  const { responses } = await handler(batch, lambdaContext({ remainingTimeMs: 3_000 }));
  const [a, b, c, d] = responses.map(({ body }) => Number(body));
  expect(a).toBeGreaterThan(0);
  expect(a).toBeLessThanOrEqual(2_000);
  expect([b, c, d]).toEqual([3_000, 0, 3_000]);
});

it('carries the item: its id, its signal, and its deadline when the router sent one', async () => {
  const event = itemEvent('a');
  const handler = withBatchAdapter((_, context) => context.item);
  const batch = batchEvent([
    { ...event, requestContext: { ...event.requestContext, lpr: { deadlineMs: 17 } } },
    { id: 'b', requestContext: { lpr: { deadlineMs: 'soon' } } },
    { id: 'c', requestContext: { lpr: null } },
  ]);
  const { responses } = await handler(batch);
  expect(responses.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { requestId: 'a', deadlineMs: 17, signal: {} },
    { requestId: 'b', signal: {} },
    { requestId: 'c', signal: {} },
  ]);
});

it.each([undefined, null, 'none', {}])('works with %o for a context', async (context) => {
  const handler = withBatchAdapter((_, own) => [
    own.item?.requestId,
    own.getRemainingTimeInMillis(),
  ]);
  const { responses } = await handler(batchOf('a'), context as never);
  expect(responses[0]?.body).toBe('["a",900000]');
});

it('keeps the methods of a context that is an instance of a class', async () => {
  class Context {
    readonly awsRequestId = 'aws-1';
    getRemainingTimeInMillis(): number {
      return 5;
    }
    shout(): string {
      return this.awsRequestId.toUpperCase();
    }
  }
  const handler = withBatchAdapter((_, own) => [
    (own as never as Context).shout(),
    own.getRemainingTimeInMillis(),
  ]);
  const { responses } = await handler(batchOf('a'), new Context());
  expect(responses[0]?.body).toBe('["AWS-1",5]');
});
