import { answer, pageOf } from './answer.ts';
import type { Request } from './answer.ts';
import { addVisit, readVisits } from './visits.ts';

export interface MethodRequest extends Request {
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

/** An ordinary handler: one request, one answer. GET reads, POST counts a visit. */
export async function handleRequest(event: MethodRequest) {
  const page = pageOf(event);
  const isVisit = event.requestContext?.http?.method === 'POST';
  return answer(page, await (isVisit ? addVisit(page) : readVisits(page)));
}
