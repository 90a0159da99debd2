// Doubles for time and for failures
export { VirtualClock } from './virtual-clock.ts';
export { fakeInvoker } from './fake-invoker.ts';
export type { FakeAnswer, FakeInvocation, FakeInvoker } from './fake-invoker.ts';

// Factories
export { FACTORY_TIME_MS, requestId } from './factories/ids.ts';
export type { ItemRef } from './factories/ids.ts';
export { httpEvent } from './factories/http-event.ts';
export type { HttpEventOptions } from './factories/http-event.ts';
export { batchEvent } from './factories/batch-event.ts';
export type { BatchEventOptions, ItemSource } from './factories/batch-event.ts';
export {
  bufferedAnswer,
  chunkRecord,
  endRecord,
  errorRecord,
  frames,
  headRecord,
  ndjson,
  responseRecord,
} from './factories/records.ts';
export type { HeadOptions, ResponseOptions } from './factories/records.ts';
export { functionArn, lambdaContext } from './factories/lambda-context.ts';
export type { LambdaContextOptions, TestContext } from './factories/lambda-context.ts';

// Conformance
export { describeInvoker, invokerOverHttp } from './conformance/invoker.ts';
export type { ConformanceRunner } from './conformance/invoker.ts';
export type { ConnectedInvoker, ConnectInvoker } from './conformance/invoker-case.ts';
export type { FunctionScript, ReceivedInvocation } from './conformance/function-script.ts';
export { startLambdaEndpoint } from './conformance/lambda-endpoint.ts';
export type { LambdaEndpoint } from './conformance/lambda-endpoint.ts';
