import { checkConfig } from '../../src/config/load.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import { ConfigError, formatProblem } from '../../src/config/problem.ts';

export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

/** The least that makes a manifest with one operation: `GET /hello`. */
export const MINIMAL = `ListenAddr: 127.0.0.1:3000
Spec:
  paths:
    /hello:
      get:
        x-target-lambda: ${ARN}
        x-lpr: { maxWaitMs: 10, maxBatchSize: 4 }
`;

/** A manifest whose only operation has this under `x-lpr`. */
export function withLpr(lpr: string, settings = ''): string {
  return `${settings}${MINIMAL.replace('{ maxWaitMs: 10, maxBatchSize: 4 }', lpr)}`;
}

/** All problems of a manifest's text as lines, wherever they are found. */
export function problemsOf(text: string, file = 'router.yaml'): string[] {
  try {
    return checkConfig(parseManifest(text, file)).problems.map(formatProblem);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
