import { setTimeout as sleep } from 'node:timers/promises';
import {
  currentItem,
  fromFetch,
  withBatchAdapter,
  withBatchAdapterStream,
  withNativeBatch,
  withNativeBatchStream,
} from '../../src/index.ts';
import type { ItemContext, ItemEvent } from '../../src/index.ts';
import { itemStore } from '../../src/invoke-store.ts';
import { createPowertoolsApp } from '../support/powertools-app.ts';

const echo = async (event: ItemEvent, context: ItemContext) => {
  const own = currentItem();
  if (event.body === 'throw') throw new Error('secret');
  if (event.body === 'hang') await new Promise(() => undefined);
  await sleep(event.body === 'slow' ? 50 : 1);
  return {
    statusCode: 200,
    body: JSON.stringify({
      id: event.requestContext.requestId,
      awsRequestId: context.awsRequestId,
      isOwn: own !== undefined && own === currentItem() && own === context.item,
      leftMs: context.getRemainingTimeInMillis() > 0,
      traceId: process.env['_X_AMZN_TRACE_ID'],
    }),
  };
};

async function* chunks(id: string): AsyncGenerator<string> {
  yield `${id} 1`;
  await sleep(1);
  yield `${id} 2`;
}

export const buffered = withBatchAdapter(echo);
export const streamed = withBatchAdapterStream(echo);
export const interleaved = withBatchAdapterStream(async ({ requestContext: { requestId } }) => ({
  statusCode: 200,
  body: chunks(requestId),
}));
export const fetched = withBatchAdapterStream(
  fromFetch((request) => new Response(new URL(request.url).pathname)),
);
export const native = withNativeBatch(async (items, { awsRequestId }) =>
  items.map(({ requestId }) => ({ id: requestId, statusCode: 200, body: awsRequestId })),
);
export const nativeStream = withNativeBatchStream(async (items, writer) => {
  await Promise.all(items.map(({ requestId }) => writer.respond(requestId, requestId)));
});
export const powertools = withBatchAdapter(createPowertoolsApp().handler, { around: itemStore });
export const powertoolsStream = withBatchAdapterStream(createPowertoolsApp().handler, {
  around: itemStore,
});
