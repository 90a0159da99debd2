import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  Handler,
  StreamifyHandler,
} from 'aws-lambda';
import { Readable } from 'node:stream';
import type { Writable } from 'node:stream';
import { expectTypeOf, it } from 'vitest';
import {
  batchAdapter,
  currentItem,
  fromFetch,
  withBatchAdapter,
  withBatchAdapterStream,
  withNativeBatch,
  withNativeBatchStream,
} from '../src/index.ts';
import { itemStore } from '../src/invoke-store.ts';
import type {
  BatchAnswer,
  BatchItem,
  ItemAnswer,
  ItemContext,
  ItemEvent,
  LambdaContext,
  NativeItem,
  ResponseSink,
  StructuredAnswer,
} from '../src/index.ts';

it('types equal to those of @types/aws-lambda', () => {
  expectTypeOf<ItemEvent>().toEqualTypeOf<APIGatewayProxyEventV2>();
  expectTypeOf<LambdaContext>().toExtend<Context>();
  expectTypeOf<Context>().toExtend<LambdaContext>();
  expectTypeOf<keyof LambdaContext>().toEqualTypeOf<keyof Context>();
  expectTypeOf<keyof StructuredAnswer>().toEqualTypeOf<keyof APIGatewayProxyStructuredResultV2>();
  expectTypeOf<APIGatewayProxyResultV2>().toExtend<ItemAnswer>();
  expectTypeOf<Writable>().toExtend<ResponseSink>();
  expectTypeOf<awslambda.HttpResponseStream>().toExtend<ResponseSink>();
});

it('handlers typed by @types/aws-lambda can be wrapped', () => {
  const typed: APIGatewayProxyHandlerV2 = async (event) => ({
    statusCode: 200,
    body: event.rawPath,
  });
  const generic: APIGatewayProxyHandlerV2<{ id: number }> = async () => ({ id: 1 });
  const plain = async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyResultV2> => event.rawPath + context.awsRequestId;
  expectTypeOf(withBatchAdapter).toBeCallableWith(typed);
  expectTypeOf(withBatchAdapter).toBeCallableWith(generic);
  expectTypeOf(withBatchAdapter).toBeCallableWith(plain);
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(typed);
  expectTypeOf(batchAdapter).toBeCallableWith(typed);
});

it('a handler is given the event and the context of its item', () => {
  withBatchAdapter((event, context) => {
    expectTypeOf(event).toEqualTypeOf<ItemEvent>();
    expectTypeOf(context).toEqualTypeOf<ItemContext>();
    expectTypeOf(context.item?.requestId).toEqualTypeOf<string | undefined>();
    return 'ok';
  });
});

it('a handler may answer with whatever API Gateway accepts', () => {
  interface User {
    name: string;
  }
  const user: User = { name: 'x' };
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => user);
  expectTypeOf(withBatchAdapter).toBeCallableWith(async () => [user]);
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 7);
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'text');
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => null);
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => undefined);
  expectTypeOf(withBatchAdapter).toBeCallableWith(async () => {});
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({
    statusCode: 200,
    body: new Uint8Array(),
  }));
});

it('wrong answers, handlers and options are type errors', () => {
  // @ts-expect-error -- a status is a number
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({ statusCode: '200' }));
  // @ts-expect-error -- headers are an object
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({ statusCode: 200, headers: 'x' }));
  // @ts-expect-error -- a body is text or bytes
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({ statusCode: 200, body: { a: 1 } }));
  // @ts-expect-error -- an item is a payload 2.0 request
  expectTypeOf(withBatchAdapter).toBeCallableWith((event: { Records: unknown[] }) => event.Records);
  // @ts-expect-error -- `concurrency` is a number
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'ok', { concurrency: '4' });
  // @ts-expect-error -- a misspelt option
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(() => 'ok', { concurency: 4 });
});

it('a wrapped handler is a Lambda handler, and can be called in a test', () => {
  const buffered = withBatchAdapter(() => 'ok');
  const streaming = withBatchAdapterStream(() => 'ok');
  expectTypeOf(buffered).toExtend<Handler>();
  expectTypeOf(streaming).toExtend<StreamifyHandler>();
  expectTypeOf(buffered({ v: 1, batch: [] })).resolves.toEqualTypeOf<BatchAnswer>();
  expectTypeOf(streaming).returns.resolves.toBeVoid();
});

it('a handler may answer with a Response, and with streamed bodies', () => {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    yield 'x';
  }
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => new Response('x'));
  expectTypeOf(withBatchAdapter).toBeCallableWith(async () => Response.json({}));
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({ hello: 'world', nested: { a: [1] } }));
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(() => ({ statusCode: 200, body: body() }));
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(body);
  const bodies = [
    new Blob(['x']),
    Readable.from(['x']),
    new ReadableStream<Uint8Array>(),
    ['x', new Uint8Array()],
  ];
  for (const one of bodies) {
    expectTypeOf(withBatchAdapterStream).toBeCallableWith(() => ({ statusCode: 200, body: one }));
  }
  // @ts-expect-error -- pieces are text or bytes
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => ({ statusCode: 200, body: [1] }));
});

it('wrong options are type errors where they do not belong', () => {
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'ok', { concurrency: Infinity });
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(() => 'ok', { interleaved: 'auto' });
  // @ts-expect-error -- only streams are interleaved
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'ok', { interleaved: true });
  // @ts-expect-error -- a boolean or 'auto'
  expectTypeOf(withBatchAdapterStream).toBeCallableWith(() => 'ok', { interleaved: 'always' });
  // @ts-expect-error -- an answer, not a number of seconds
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'ok', { errorResponse: 500 });
  // @ts-expect-error -- native handlers have no concurrency of their own
  expectTypeOf(withNativeBatch).toBeCallableWith(() => [], { concurrency: 4 });
});

it('hooks are given what they need', () => {
  withBatchAdapter(() => 'ok', {
    around: ({ requestId, event, context }, next) => {
      expectTypeOf(requestId).toBeString();
      expectTypeOf(event).toEqualTypeOf<ItemEvent>();
      expectTypeOf(context).toEqualTypeOf<ItemContext>();
      expectTypeOf(next).returns.toEqualTypeOf<Promise<ItemAnswer>>();
      return next();
    },
    onError: (error, { requestId, event }) => {
      expectTypeOf(error).toBeUnknown();
      expectTypeOf(requestId).toEqualTypeOf<string | undefined>();
      expectTypeOf(event).toBeUnknown();
    },
  });
  expectTypeOf(withBatchAdapter).toBeCallableWith(() => 'ok', { around: itemStore });
  expectTypeOf(currentItem).returns.toEqualTypeOf<BatchItem | undefined>();
});

it('native handlers answer by id, and a Fetch handler becomes an item handler', () => {
  withNativeBatch((items, context) => {
    expectTypeOf(items).toEqualTypeOf<readonly NativeItem[]>();
    expectTypeOf(context).toEqualTypeOf<LambdaContext>();
    return items.map(({ requestId }) => ({ id: requestId, statusCode: 200 }));
  });
  // @ts-expect-error -- an answer without its id
  expectTypeOf(withNativeBatch).toBeCallableWith(() => [{ statusCode: 200 }]);
  withNativeBatchStream((_, writer) => {
    expectTypeOf(writer.chunk).parameter(1).toEqualTypeOf<string | Uint8Array>();
    expectTypeOf(writer.end).returns.resolves.toBeVoid();
  });
  expectTypeOf(withBatchAdapter).toBeCallableWith(fromFetch(() => new Response('ok')));
  expectTypeOf(withNativeBatchStream(() => undefined)).toExtend<StreamifyHandler>();
  expectTypeOf(withNativeBatch(() => [])).toExtend<Handler>();
});
