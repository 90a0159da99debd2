import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { decodeJson, decodeProtobuf, requestType } from './otlp-spans.ts';
import type { ReceivedSpan } from './otlp-spans.ts';

/** An OTLP endpoint that keeps what it is sent. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Of each export. */
  readonly headers: Record<string, unknown>[];
  /** Of each export over HTTP. */
  readonly paths: string[];
}

/** Takes both encodings over HTTP, compressed or not. */
export async function startHttpReceiver(): Promise<OtlpReceiver> {
  const type = await requestType();
  const received: Omit<OtlpReceiver, 'url'> = { spans: [], headers: [], paths: [] };
  const receive = async (request: IncomingMessage) => {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    received.headers.push(request.headers);
    received.paths.push(request.url ?? '');
    const isJson = request.headers['content-type'] === 'application/json';
    received.spans.push(...(isJson ? decodeJson(body.toString()) : decodeProtobuf(type, body)));
  };
  const server = createServer((request, response) => {
    void receive(request).then(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, ...received };
}

export async function startGrpcReceiver(): Promise<OtlpReceiver> {
  const type = await requestType();
  const received: Omit<OtlpReceiver, 'url'> = { spans: [], headers: [], paths: [] };
  const server = new Server();
  const method = {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  };
  server.addService(
    { export: method },
    {
      export(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
        received.headers.push(call.metadata.getMap());
        received.spans.push(...decodeProtobuf(type, call.request));
        answer(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return { url: `http://127.0.0.1:${port}`, ...received };
}
