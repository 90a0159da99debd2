import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { ErrorCode } from '../errors.ts';
import { errorResponse } from './error-response.ts';

/** Answers a request that is no function's with an error body like any other. */
export function refuseReply(reply: FastifyReply, code: ErrorCode): FastifyReply {
  const requestId = `r-${randomUUID()}`;
  const { status, headers, body } = errorResponse({ code }, requestId);
  for (let index = 0; index < headers.length; index += 2) {
    reply.header(headers[index]!, headers[index + 1]);
  }
  return reply.header('x-request-id', requestId).code(status).send(body);
}
