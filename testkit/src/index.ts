// Doubles for time and for failures
export { VirtualClock } from './virtual-clock.ts';
export { fakeInvoker } from './fake-invoker.ts';
export type { FakeAnswer, FakeInvocation, FakeInvoker } from './fake-invoker.ts';

// Factories
export { httpEvent } from './factories/http-event.ts';
export type { HttpEventOptions } from './factories/http-event.ts';
export { batchEvent } from './factories/batch-event.ts';
