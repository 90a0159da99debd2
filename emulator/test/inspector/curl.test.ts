import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { curlOf, exampleOf } from '../../inspector/curl.ts';
import { manifestOf, route, startInspected } from '../support/inspected.ts';

const run = promisify(execFile);

interface Item {
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** An item as far as its client has made it. */
function sentOf({ headers, body, isBase64Encoded, rawPath, rawQueryString, requestContext }: Item) {
  const { 'content-length': _length, connection: _connection, ...own } = headers;
  const { method } = requestContext.http;
  return { method, rawPath, rawQueryString, body, isBase64Encoded, headers: own };
}

test.for([
  ['GET', '/any/a%2Fb/../[c]?x={1}&y=%27', undefined],
  ['POST', "/any/it's", `quotes ' " \\ $HOME \`date\` and\nlines, @file`],
  ['PUT', '/any/bytes', Buffer.from([0, 1, 0xff, 0xfe, 10])],
  ['DELETE', '/any/empty', ''],
] as const)(
  'a shell that runs the command of %s %s sends the same request',
  async ([method, path, body]) => {
    const any = { 'x-amazon-apigateway-any-method': route({ lpr: { maxBatchSize: 1 } }) };
    const { emulator, snapshot, batch, request } = await startInspected(
      manifestOf({ '/any/{rest+}': any }),
    );
    await emulator.inject({
      method,
      url: path,
      headers: { host: new URL(emulator.url).host, 'x-mine': "it's; $HOME", 'x-empty': '' },
      ...(body === undefined ? {} : { payload: body }),
    });
    const itemOf = async (index: number) => {
      await expect.poll(async () => (await snapshot()).batches).toHaveLength(index + 1);
      const { event } = await batch((await snapshot()).batches[index]);
      return (JSON.parse(event.text) as { batch: [Item] }).batch[0];
    };
    const original = await itemOf(0);
    const detail = await request((await snapshot()).requests[0]?.id);
    await run('bash', ['-c', curlOf(detail, original, emulator.url)]);
    const again = sentOf(await itemOf(1));
    // What curl adds where a client sent none.
    const { accept: _accept, 'content-type': _type, ...headers } = again.headers;
    expect({ ...again, headers }).toEqual(sentOf(original));
  },
);

test('the command of the empty list makes a batch', async () => {
  const { emulator, snapshot } = await startInspected(
    manifestOf({ '/posted': { post: route({ lpr: { maxBatchSize: 4 } }) } }),
  );
  const { setting } = await snapshot();
  const { routes } = setting ?? { routes: [] };
  const posted = routes.filter(({ path }) => path === '/posted');
  expect(exampleOf([], emulator.url)).toBeUndefined();
  expect(exampleOf(routes, emulator.url)).toContain(`'${emulator.url}/echo/world'`);
  await run('bash', ['-c', exampleOf(posted, emulator.url) ?? '']);
  await expect.poll(async () => (await snapshot()).batches).toMatchObject([{ size: 4 }]);
});
