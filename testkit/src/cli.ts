import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT_FAILURE, EXIT_USAGE } from 'lpr-router';
import { checkConformance } from './conformance/check-conformance.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const USAGE = `Usage: lpr-testkit conformance --url URL [options]

Runs the golden vectors of the wire contract against an adapter, in any language: a deployed function, or one in an
emulator, with the conformance handler inside. Prints a table; exits 1 when a case fails.

Options:
  --url URL            of the Lambda API, as in AWS_ENDPOINT_URL_LAMBDA
  --function NAME      name or ARN of the function (default: conformance)
  --mode MODE          buffered or stream (default: buffered)
  --no-streamed-bodies leave out cases with streamed bodies
  --version            print the version
  --help               print this
`;

const OPTIONS = {
  url: { type: 'string' },
  function: { type: 'string', default: 'conformance' },
  mode: { type: 'string', default: 'buffered' },
  'no-streamed-bodies': { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The program: reads its arguments, writes to stdout and stderr, and sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.stderr.write(
      `lpr-testkit: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = EXIT_USAGE;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.version) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const [command, ...rest] = positionals;
  if (command !== 'conformance' || rest.length > 0) {
    throw new Error(
      `Expected the command \`conformance\`, got \`${positionals.join(' ')}\`; see --help`,
    );
  }
  const { url, mode } = values;
  if (url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Error(`Expected \`--url\` to be a URL of http or https, got \`${url ?? ''}\``);
  }
  if (mode !== 'buffered' && mode !== 'stream') {
    throw new Error(`Expected \`--mode\` to be buffered or stream, got \`${mode}\``);
  }
  const { failed } = await checkConformance({
    url,
    functionName: values.function,
    mode,
    streamsBodies: !values['no-streamed-bodies'],
    print: (line) => process.stdout.write(`${line}\n`),
  });
  return failed === 0 ? 0 : EXIT_FAILURE;
}
