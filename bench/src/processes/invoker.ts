import { parseFunctionArn, sdkInvoker, signedInvoker } from 'lpr-router';
import type { InvokeAnswer } from 'lpr-router';
import { tally } from '../tally.ts';
import { answerTo, FUNCTION_ARN } from '../workload.ts';

// Invokes and nothing else, some at a time: what an invocation costs without HTTP in front of it.

const [name = 'signed', mode = 'buffered', inflight = '64'] = process.argv.slice(2);
const maxSockets = Number(inflight);
const invoker = name === 'sdk' ? sdkInvoker({ maxSockets }) : signedInvoker({ maxSockets });
const functionArn = parseFunctionArn(FUNCTION_ARN)?.arn;
if (functionArn === undefined) throw new Error(`Expected a function ARN, got ${FUNCTION_ARN}`);

async function textOf(answer: InvokeAnswer): Promise<string> {
  if (answer.type === 'buffered') return Buffer.from(answer.bytes).toString();
  let text = '';
  for await (const chunk of answer.chunks) text += Buffer.from(chunk).toString();
  return text;
}

let asked = 0;
async function loop(): Promise<never> {
  for (;;) {
    const id = String((asked += 1));
    const item = { requestContext: { requestId: `r-${id}` }, pathParameters: { id } };
    const answer = await invoker.invoke({
      batchId: `b-${id}`,
      functionArn: functionArn!,
      mode: mode === 'stream' ? 'stream' : 'buffered',
      payload: Buffer.from(JSON.stringify({ v: 1, batch: [item], filler: 'x'.repeat(600) })),
      deadline: Date.now() + 10_000,
      signal: new AbortController().signal,
    });
    const text = await textOf(answer);
    if (!text.includes(JSON.stringify(answerTo(id)))) {
      throw new Error(`Expected the answer to invocation ${id}, got ${text}`);
    }
    tally.invocations += 1;
    tally.items += 1;
  }
}

for (let call = 0; call < maxSockets; call += 1) void loop();
process.once('SIGINT', () => process.exit());
process.send?.({ type: 'listening', url: '' });
