import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** Keys of one BatchGetItem. */
const MAX_KEYS = 100;

const client = new DynamoDBClient({});

/** How often a page was visited; 0 for one that nobody knows. */
export async function readVisits(page: string): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName(), Key: { page: { S: page } } }),
  );
  return visitsOf(Item);
}

/** How often each of several pages was visited: one call for up to 100 of them. */
export async function readAllVisits(pages: Iterable<string>): Promise<Map<string, number>> {
  const missing = new Set(pages);
  const visits = new Map<string, number>();
  while (missing.size > 0) {
    const Keys = [...missing].slice(0, MAX_KEYS).map((page) => ({ page: { S: page } }));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName()]: { Keys } } }),
    );
    for (const item of Responses?.[tableName()] ?? []) {
      visits.set(item['page']?.S ?? '', visitsOf(item));
    }
    // DynamoDB answers as much as fits; the rest is asked for again.
    const later = new Set(
      UnprocessedKeys?.[tableName()]?.Keys?.map(({ page }: Item) => page?.S) ?? [],
    );
    for (const { page } of Keys) if (!later.has(page.S)) missing.delete(page.S);
  }
  return visits;
}

/** Counts a visit, and returns how many there are now. */
export async function addVisit(page: string): Promise<number> {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: tableName(),
      Key: { page: { S: page } },
      UpdateExpression: 'ADD visits :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return visitsOf(Attributes);
}

function visitsOf(item: Item | undefined): number {
  return Number(item?.['visits']?.N ?? 0);
}

function tableName(): string {
  return process.env['TABLE'] ?? 'visits';
}
