import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** A handler as thousands are deployed: it knows nothing of batches. */
export const handler = async ({ pathParameters }) => {
  const page = pathParameters?.page ?? 'home';
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: process.env.TABLE ?? 'visits',
      Key: { page: { S: page } },
    }),
  );
  return { page, visits: Number(Item?.visits?.N ?? 0) };
};
