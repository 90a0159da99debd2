import { expect, it } from 'vitest';
import * as main from '../src/index.ts';
import * as stream from '../src/stream.ts';

it('the main entry exports these names', () => {
  expect(Object.keys(main).toSorted()).toMatchInlineSnapshot(`
    [
      "AdapterError",
      "AdapterErrorCode",
      "batchAdapter",
      "batchAdapterStream",
      "withBatchAdapter",
      "withBatchAdapterStream",
    ]
  `);
});

it('the stream entry exports these names, the same functions', () => {
  expect(Object.keys(stream).toSorted()).toMatchInlineSnapshot(`
    [
      "batchAdapterStream",
      "withBatchAdapterStream",
    ]
  `);
  expect(main).toMatchObject(stream);
});
