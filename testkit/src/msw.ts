// Both endpoints of the Lambda API, for msw
export { lambda } from './msw/lambda.ts';
export type { LambdaFunction, LambdaHandlersOptions } from './msw/lambda.ts';

export { setupServer } from './msw/setup-server.ts';

// What a function can be instead of a handler
export {
  cutStream,
  functionError,
  malformedNdjson,
  ok,
  partial,
  throttled,
  timeout,
  tooLarge,
} from './msw/presets.ts';
export { Cut, FunctionFailure } from './msw/outcome.ts';
export type { LambdaCall, LambdaOutcome, LambdaPreset } from './msw/outcome.ts';
