import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { startS3Server } from '../../../router/test/config/s3-server.ts';

/** A server that speaks DynamoDB, with an empty table of visits. */
export interface VisitsTable extends AsyncDisposable {
  /** What the SDKs take their settings from. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes `filler` bytes beside each number, to make items large. */
  write(visits: Readonly<Record<string, number>>, filler?: number): Promise<void>;
}

/** Starts moto's server, which plays all of AWS. */
export async function startVisitsTable(name = 'visits'): Promise<VisitsTable> {
  const server = await startS3Server();
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'page', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'page', KeyType: 'HASH' }],
    }),
  );
  return {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async write(visits, filler = 0) {
      const requests = Object.entries(visits).map(([page, number]) => ({
        PutRequest: {
          Item: {
            page: { S: page },
            visits: { N: String(number) },
            filler: { S: 'x'.repeat(filler) },
          },
        },
      }));
      for (let from = 0; from < requests.length; from += 25) {
        const some = requests.slice(from, from + 25);
        await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: some } }));
      }
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop();
    },
  };
}
