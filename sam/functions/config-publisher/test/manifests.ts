export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

/** The OpenAPI document of a router with one route. */
export function specOf(path = '/hello', lpr: object = { maxWaitMs: 10, maxBatchSize: 4 }) {
  return { paths: { [path]: { get: { 'x-target-lambda': ARN, 'x-lpr': lpr } } } };
}

/** Properties of a resource whose objects lie under `shop/`. */
export function propertiesFor(path?: string, more: object = {}) {
  return { BucketName: 'manifests', Prefix: 'shop/', Spec: specOf(path), ...more };
}
