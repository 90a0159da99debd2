import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../errors.ts';
import { errorResponse } from './error-response.ts';

/** Answers a request that is no function's with an error body like any other. */
export function refuseRequest(
  response: ServerResponse,
  code: ErrorCode,
  extraHeaders: readonly string[] = [],
): void {
  const requestId = `r-${randomUUID()}`;
  const { status, headers, body } = errorResponse({ code }, requestId);
  response.writeHead(status, [...headers, 'x-request-id', requestId, ...extraHeaders]).end(body);
}
