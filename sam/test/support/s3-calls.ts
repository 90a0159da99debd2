import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What IAM is asked about a call of S3's. */
export interface S3Call {
  readonly action: string;
  readonly resource: string;
  /** The condition key `s3:prefix`. */
  readonly prefix: string | undefined;
}

/** A server in front of one that speaks S3, which writes down what is called. */
export async function recordS3Calls(endpoint: string) {
  const calls: S3Call[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method = '', headers } = request;
      const url = new URL(request.url ?? '', endpoint);
      calls.push(...callsOf(method, url, body.toString()));
      const forwarded = send(url, { method, headers }, (answer) => {
        // Of what is not there S3 says so only to who may list the bucket, and there is no prefix to go by.
        if (method === 'HEAD' && answer.statusCode === 404) {
          calls.push({ action: 's3:ListBucket', resource: bucketOf(url), prefix: undefined });
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      forwarded.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function bucketOf({ pathname }: URL): string {
  return `arn:aws:s3:::${pathname.split('/')[1]}`;
}

function callsOf(method: string, url: URL, body: string): S3Call[] {
  const { pathname, searchParams } = url;
  const of = (path: string) => `${bucketOf(url)}${path}`;
  const object = of(`/${decodeURIComponent(pathname.split('/').slice(2).join('/'))}`);
  const prefix = searchParams.get('prefix') ?? undefined;
  if (method === 'PUT') return [{ action: 's3:PutObject', resource: object, prefix }];
  if (method === 'HEAD') return [{ action: 's3:GetObject', resource: object, prefix }];
  if (searchParams.has('list-type')) return [{ action: 's3:ListBucket', resource: of(''), prefix }];
  if (searchParams.has('delete')) {
    const keys = [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, name = '']) => name);
    return keys.map((name) => ({ action: 's3:DeleteObject', resource: of(`/${name}`), prefix }));
  }
  throw new Error(`Expected a call that is known here, got ${method} ${pathname}`);
}
