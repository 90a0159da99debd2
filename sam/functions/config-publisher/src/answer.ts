import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { NOT_CREATED } from './lifecycle.ts';
import type { Outcome } from './lifecycle.ts';
import { wordReason } from './reason.ts';

/** CloudFormation's limit for the whole of an answer, in bytes. */
export const MOST_BYTES = 4096;

/** The JSON to answer CloudFormation with. */
export function successAnswer(event: CloudFormationCustomResourceEvent, outcome: Outcome): string {
  return JSON.stringify({
    Status: 'SUCCESS',
    PhysicalResourceId: outcome.physicalResourceId,
    ...idsOf(event),
    Data: outcome.attributes,
  });
}

/** The same for a failure, within CloudFormation's limit whatever has failed. */
export function failureAnswer(
  event: CloudFormationCustomResourceEvent,
  error: unknown,
  logStream: string,
): string {
  const answer = (Reason: string) =>
    JSON.stringify({
      Status: 'FAILED',
      Reason,
      // After an update another id would have CloudFormation delete what there is.
      PhysicalResourceId: event.RequestType === 'Create' ? NOT_CREATED : event.PhysicalResourceId,
      ...idsOf(event),
    });
  const room = MOST_BYTES - Buffer.byteLength(answer('')) + JSON.stringify('').length;
  return answer(wordReason(error, room, logStream));
}

function idsOf({ StackId, RequestId, LogicalResourceId }: CloudFormationCustomResourceEvent) {
  return { StackId, RequestId, LogicalResourceId };
}
