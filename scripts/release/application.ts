import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, visit } from 'yaml';
import { command } from './command.ts';
import { root } from './packages.ts';
import { isMissing, missingTool, toolEnv } from './tools.ts';

/** Its name in the Serverless Application Repository, which sam/release allows the workflow to change. */
const NAME = 'lambda-parallel-router';
const BUCKET = 'release';

interface S3 {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Packages the serverless application as the workflow does, with a server on this machine for S3.
 *
 * @returns what is wrong with the result, and how to install what is missing
 */
export async function applicationProblems(
  into: string,
  template = join(root, 'sam', 'bootstrap', 'template.yaml'),
): Promise<{ readonly problems: string[]; readonly missing: string[] }> {
  let s3: S3 | undefined;
  try {
    s3 = await startS3();
    const env = {
      ...toolEnv,
      AWS_ENDPOINT_URL: s3.url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'us-east-1',
      SAM_CLI_TELEMETRY: '0',
    };
    await fetch(`${s3.url}/${BUCKET}`, { method: 'PUT' });
    const output = join(into, 'packaged.yaml');
    const where = ['--s3-bucket', BUCKET, '--s3-prefix', '0', '--output-template-file', output];
    const ended = await command('sam', ['package', '--template', template, ...where], { env });
    if (ended.code !== 0) return { problems: [`sam package: ${ended.output.trim()}`], missing: [] };
    return { problems: packagedProblems(await readFile(output, 'utf8')), missing: [] };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { problems: [], missing: [missingTool(s3 === undefined ? 'moto_server' : 'sam')] };
  } finally {
    await s3?.stop();
  }
}

/** Code, layers, licence and README that are not in the bucket, or an application of another name. */
export function packagedProblems(packaged: string): string[] {
  const document = parseDocument(packaged, { logLevel: 'silent' });
  const problems: string[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      const name = String(key);
      const text = String(value);
      if (!/^(CodeUri|ContentUri|LicenseUrl|ReadmeUrl)$/.test(name)) return;
      if (!text.startsWith(`s3://${BUCKET}/`)) {
        problems.push(`Expected \`${name}\` to be packaged, got \`${text}\``);
      }
    },
  });
  const name: unknown = document.getIn(['Metadata', 'AWS::ServerlessRepo::Application', 'Name']);
  if (name !== NAME) {
    problems.push(`Expected the application to be called \`${NAME}\`, got \`${String(name)}\``);
  }
  return problems;
}

/** moto's server on a free port; rejects with `ENOENT` when it is not installed. */
async function startS3(): Promise<S3> {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    env: { ...toolEnv, PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Expected moto_server to run, got:\n${output}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)\s/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    url,
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
