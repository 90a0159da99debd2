import { withNativeBatch } from 'lpr-lambda-adapter';
import { answer, pageOf } from './answer.ts';
import { readAllVisits } from './visits.ts';

/** Takes the whole batch: one call to DynamoDB reads the pages of all requests. */
export const handler = withNativeBatch(async (items) => {
  const requests = items.map(({ requestId, event }) => ({ id: requestId, page: pageOf(event) }));
  const visits = await readAllVisits(requests.map(({ page }) => page));
  return requests.map(({ id, page }) => ({ id, ...answer(page, visits.get(page) ?? 0) }));
});
