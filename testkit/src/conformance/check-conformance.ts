import type { InvocationMode } from 'lpr-router';
import { functionArn } from '../factories/lambda-context.ts';
import { adapterOverHttp, describeAdapter } from './adapter.ts';

export interface CheckConformanceOptions {
  /** Of the Lambda API. */
  readonly url: string;
  /** Or its ARN. */
  readonly functionName: string;
  readonly mode: InvocationMode;
  readonly streamsBodies: boolean;
  /** Takes the lines of the table. */
  readonly print: (line: string) => void;
}

/** Runs the adapter suite without a test runner, one case after the other, and prints a table of it. */
export async function checkConformance(
  options: CheckConformanceOptions,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const { url, functionName, mode, streamsBodies, print } = options;
  const adapter = adapterOverHttp({
    endpoint: url,
    functionArn: functionName.startsWith('arn:') ? functionName : functionArn(functionName),
    mode,
    streamsBodies,
    ...(process.env['AWS_ACCESS_KEY_ID'] === undefined ? { credentials: LOCAL } : {}),
  });
  const cases: { readonly title: string; readonly run: () => unknown }[] = [];
  describeAdapter(functionName, adapter, {
    describe: (_name, body) => body(),
    it: (title, run) => cases.push({ title, run }),
  });
  let failed = 0;
  for (const { title, run } of cases) {
    const failure = await outcome(run);
    if (failure === undefined) print(`ok    ${title}`);
    else {
      failed += 1;
      print(`FAIL  ${title}`);
      for (const line of failure.split('\n')) print(`      ${line}`.trimEnd());
    }
  }
  const passed = cases.length - failed;
  print(`${passed} of ${cases.length} passed: ${functionName} (${mode}) at ${url}`);
  return { passed, failed };
}

/** An emulator asks for no credentials, but the request has to be signed. */
const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };

async function outcome(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
