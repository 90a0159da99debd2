// A router in a test
export { createTestRouter } from './test-router/test-router.ts';
export type { TestRouter } from './test-router/test-router.ts';
export type { TestRouterOptions } from './test-router/set-up.ts';
export type { RouteRules, TestRoute, TestRoutes } from './test-router/routes.ts';
export type { TestRequest, TestResponse } from './test-router/requests.ts';
export type { TestInvocation } from './test-router/test-invoker.ts';

// A handler in a test
export { invokeBatch, invokeBatchStream } from './invoke-batch.ts';
export type {
  BatchRun,
  BatchSource,
  BatchStreamRun,
  InvokeBatchOptions,
  InvokeBatchStreamOptions,
} from './invoke-batch.ts';
export { assertBatchSafe } from './batch-safety/assert-batch-safe.ts';
export type { BatchSafetyOptions, SafetySubject } from './batch-safety/assert-batch-safe.ts';
export { sequence, step } from './sequence.ts';
export { chunked, everySplit } from './chunked.ts';
export type { TestHandler } from './run-handler.ts';
export { RecordingStream } from './recording-stream.ts';
export type { RecordingStreamOptions } from './recording-stream.ts';

// Doubles for time and for failures
export { VirtualClock } from './virtual-clock.ts';
export { fakeInvoker } from './fake-invoker.ts';
export type { FakeAnswer, FakeInvocation, FakeInvoker } from './fake-invoker.ts';

// Factories
export { FACTORY_DEADLINE_MS, FACTORY_TIME_MS, requestId } from './factories/ids.ts';
export type { ItemRef } from './factories/ids.ts';
export { httpEvent } from './factories/http-event.ts';
export type { HttpEventOptions } from './factories/http-event.ts';
export { batchEvent } from './factories/batch-event.ts';
export type { BatchEventOptions, ItemSource } from './factories/batch-event.ts';
export {
  answerBatch,
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
export { invocation } from './factories/invocation.ts';
export type { InvocationOptions } from './factories/invocation.ts';
export { functionArn, lambdaContext } from './factories/lambda-context.ts';
export type { LambdaContextOptions, TestContext } from './factories/lambda-context.ts';

// Matchers, for `expect.extend` of vitest or Jest
export { batchItem, toBeValidBatchPayload } from './matchers/batch-payload.ts';
export type { WantedItem } from './matchers/batch-payload.ts';
export {
  toHaveBatched,
  toHaveBatches,
  toHaveBatchOfSize,
  toHaveReleasedBecause,
} from './matchers/batches.ts';
export type { BatchedOptions } from './matchers/batches.ts';
export type { BatchSubject } from './matchers/batch-list.ts';
export type { WantedBatch } from './matchers/match-batches.ts';
export { toBeInterleaved, toHaveBodyFor, toHaveFrames } from './matchers/frames.ts';
export {
  frame,
  record,
  toAnswerEveryItemOnce,
  toBeValidNdjson,
  toHaveRecordFor,
} from './matchers/records.ts';
export type { WantedRecord } from './matchers/records.ts';
export { readRecords } from './matchers/record-list.ts';
export type { RecordSubject } from './matchers/record-list.ts';
export type { ItemOf } from './matchers/item-of.ts';
export type { Wanted } from './matchers/differences.ts';
export type { Verdict } from './matchers/verdict.ts';

// The same as plain assertions, for `node:test` and others
export {
  assertBatched,
  assertBatches,
  assertBatchItem,
  assertBatchOfSize,
  assertBodyFor,
  assertEveryItemAnsweredOnce,
  assertFrame,
  assertFrames,
  assertInterleaved,
  assertRecord,
  assertRecordFor,
  assertReleasedBecause,
  assertValidBatchPayload,
  assertValidNdjson,
} from './assertions.ts';

// What matchers look at
export { recordBatches } from './record-batches.ts';
export type { BatchRecorder } from './record-batches.ts';
export type { ObservedBatch } from './observed-batch.ts';

// A Lambda API of one's own
export { EVENT_STREAM_CONTENT_TYPE, invokeComplete, payloadChunk } from './event-stream.ts';
export { bytesOf } from './conformance/invoker-answers.ts';

// Conformance
export { adapterInProcess, adapterOverHttp, describeAdapter } from './conformance/adapter.ts';
export type { AdapterUnderTest, DeployedAdapter } from './conformance/adapter.ts';
export { checkConformance } from './conformance/check-conformance.ts';
export type { CheckConformanceOptions } from './conformance/check-conformance.ts';
export { conformanceHandler } from './conformance/conformance-handler.ts';
export type { ConformanceAnswer, ConformanceEvent } from './conformance/conformance-handler.ts';
export { describeInvoker, invokerOverHttp } from './conformance/invoker.ts';
export type { ConformanceRunner } from './conformance/invoker.ts';
export type { ConnectedInvoker, ConnectInvoker } from './conformance/invoker-case.ts';
export type { FunctionScript, ReceivedInvocation } from './conformance/function-script.ts';
export { startLambdaEndpoint } from './conformance/lambda-endpoint.ts';
export type { LambdaEndpoint } from './conformance/lambda-endpoint.ts';
