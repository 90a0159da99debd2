import { withNativeBatch } from 'lpr-lambda-adapter';
import { findUsers } from './database.ts';

/** One query answers the whole batch: sixteen requests cost as much as one. */
export const handler = withNativeBatch(async (items) => {
  const idOf = new Map(items.map((item) => [item, item.event.pathParameters?.['id'] ?? '']));
  const users = await findUsers([...new Set(idOf.values())]);
  return items.map((item) => {
    const user = users.get(idOf.get(item)!);
    return {
      id: item.requestId,
      statusCode: user === undefined ? 404 : 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user ?? { message: 'No such user' }),
    };
  });
});
