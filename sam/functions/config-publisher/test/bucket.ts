import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startS3Server } from '../../../../router/test/config/s3-server.ts';

/** What the SDK takes its settings from, for a server on this machine. */
export type S3Environment = Readonly<Record<string, string>>;

/** A server that speaks S3, and buckets on it. */
export interface TestS3 extends AsyncDisposable {
  readonly environment: S3Environment;
  /** Forgets every bucket. */
  reset(): Promise<void>;
  makeBucket(name: string): Promise<void>;
  keys(bucket: string): Promise<string[]>;
  read(bucket: string, key: string): Promise<unknown>;
  write(bucket: string, key: string, owner?: string): Promise<void>;
  /** Denies everybody an action on a bucket's objects. */
  deny(bucket: string, action: string): Promise<void>;
  owner(bucket: string, key: string): Promise<string | undefined>;
}

export async function startS3(): Promise<TestS3> {
  const server = await startS3Server();
  const region = 'eu-west-1';
  const client = new S3Client({
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async reset() {
      await fetch(`${server.endpoint}/moto-api/reset`, { method: 'POST' });
    },
    async makeBucket(Bucket) {
      const CreateBucketConfiguration = { LocationConstraint: region } as const;
      await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    },
    async keys(Bucket) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key = '' }) => Key).toSorted();
    },
    async read(Bucket, Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    },
    async write(Bucket, Key, owner) {
      const Metadata = owner === undefined ? {} : { 'lpr-owner': owner };
      await client.send(new PutObjectCommand({ Bucket, Key, Body: '{}', Metadata }));
    },
    async deny(Bucket, Action) {
      const Resource = `arn:aws:s3:::${Bucket}/*`;
      const Statement = [{ Effect: 'Deny', Principal: '*', Action, Resource }];
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    },
    async owner(Bucket, Key) {
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key }));
      return Metadata?.['lpr-owner'];
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop();
    },
  };
}
