import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { failureAnswer, successAnswer } from './answer.ts';
import { carryOut } from './lifecycle.ts';
import { log } from './log.ts';
import { sendAnswer } from './send-answer.ts';

/** Of the time that the invocation has, what is kept for telling CloudFormation that the work took too long, in ms. */
const ANSWER_MARGIN_MS = 10_000;
/** Of that, what is left for Lambda, in ms. */
const EXIT_MARGIN_MS = 500;

/**
 * The custom resource `Custom::LprConfigPublisher`.
 *
 * CloudFormation gets an answer whatever happens; an answer that cannot be delivered fails the invocation, and
 * Lambda tries again.
 */
export async function handler(
  event: CloudFormationCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis' | 'logStreamName'>,
): Promise<void> {
  const { RequestType, StackId, LogicalResourceId, RequestId } = event;
  const fields = { RequestType, StackId, LogicalResourceId, RequestId };
  let answer: string;
  try {
    const outcome = await carryOut(event, timeLeft(context, ANSWER_MARGIN_MS));
    log('info', 'done', { ...fields, ...outcome });
    answer = successAnswer(event, outcome);
  } catch (error) {
    const { name, message } = error as Error;
    log('error', message, { ...fields, name });
    answer = failureAnswer(event, error, context.logStreamName);
  }
  await sendAnswer(event.ResponseURL, answer, timeLeft(context, EXIT_MARGIN_MS));
}

function timeLeft(
  { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>,
  marginMs: number,
): AbortSignal {
  return AbortSignal.timeout(Math.max(0, getRemainingTimeInMillis() - marginMs));
}
