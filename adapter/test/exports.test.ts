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
      "currentItem",
      "fromFetch",
      "withBatchAdapter",
      "withBatchAdapterStream",
      "withNativeBatch",
      "withNativeBatchStream",
    ]
  `);
});

it('the stream entry exports these names, the same functions', () => {
  expect(Object.keys(stream).toSorted()).toMatchInlineSnapshot(`
    [
      "batchAdapterStream",
      "currentItem",
      "withBatchAdapterStream",
      "withNativeBatchStream",
    ]
  `);
  expect(main).toMatchObject(stream);
});
