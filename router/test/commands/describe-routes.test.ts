import { expect, test } from 'vitest';
import { describeRoutes } from '../../src/commands/describe-routes.ts';
import { operation } from '../routing/operations.ts';

test('routes are a table with a column for each thing that matters', () => {
  const key = [
    { source: 'header', name: 'x-account' },
    { source: 'query', name: 'q\u001b' },
  ] as const;
  const dynamicWait = {
    minWaitMs: 2,
    targetRps: 50,
    steepness: 0.01,
    samplingIntervalMs: 100,
    smoothingSamples: 10,
  };
  expect(
    describeRoutes([
      operation('GET /hello/{id}'),
      {
        ...operation('ANY /{rest+}'),
        functionName: 'everything-else',
        qualifier: 'live',
        dynamicWait,
        invokeMode: 'response_stream',
        key,
        tenantHeader: 'x-account',
      },
      { ...operation('POST /one'), payloadFormat: 'single', maxBatchSize: 1 },
    ]),
  ).toEqual([
    'METHOD  PATH         FUNCTION              WINDOW   SIZE  KEY                                       MODE',
    'GET     /hello/{id}  hello                 10 ms    4     -                                         buffered',
    'ANY     /{rest+}     everything-else:live  2-10 ms  4     header:x-account (tenant), query:q\\u001b  response_stream',
    'POST    /one         hello                 10 ms    1     -                                         buffered, single',
  ]);
});
