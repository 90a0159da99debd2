import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  Handler,
  StreamifyHandler,
} from 'aws-lambda';
import type { Writable } from 'node:stream';
import { expectTypeOf, it } from 'vitest';
import { batchAdapter, withBatchAdapter, withBatchAdapterStream } from '../src/index.ts';
import type {
  BatchAnswer,
  ItemAnswer,
  ItemContext,
  ItemEvent,
  LambdaContext,
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
