import { problemAt } from '../page.ts';
import type { Page, Problem } from '../page.ts';
import { filesOf, textOf } from '../repository.ts';

/** Where names are defined or used: settings, options, functions, metrics, channels. */
const SOURCES = [
  '*.ts',
  '*.tsx',
  '*.mjs',
  '*.js',
  '*.sh',
  '*.py',
  '*.yaml',
  '*.yml',
  '*.json',
  '*.toml',
];
/** Written by npm, or by a run. */
const UNSEARCHED = /^(?:package-lock\.json|bench\/results\/)/;
/** `maxWaitMs`, `MaxBodyBytes`: words of one case say too little. */
const MIXED_CASE = /(?<![\w$-])[A-Za-z_]*(?:[a-z][A-Z]|[A-Z][a-z]+[A-Z])\w*/g;
const CHANNEL = /\blpr:[a-z]+:[a-z]+\b/g;
/** Names of others that this project does not use itself. */
const FOREIGN = new Set([
  'ConcurrentExecutions', // a metric of Lambda
  'emitDecoratorMetadata', // an option of TypeScript
  'httpMethod', // payload 1.0 of API Gateway
  'ignoreCoordinatedOmission', // an option of autocannon
  'insecureHTTPParser', // an option of Node.js
  'LprConfigBucketName', // exports of the first implementation
  'LprConfigPublisherServiceToken',
  'multiValueHeaders', // payload 1.0 of API Gateway
  'registerLambdaContext', // a method of AWS Powertools
  'setupFiles', // an option of vitest
  'stopTimeout', // of an ECS container definition
  'SuppressedError', // of ECMAScript
]);

/** Names in code spans stand in the sources: nothing that was renamed or removed lives on in a page. */
export function checkIdentifiers(pages: readonly Page[]): Problem[] {
  const known = wordsOfSources();
  return pages.flatMap((page) =>
    page.spans.flatMap(({ code, line }) =>
      [...code.matchAll(MIXED_CASE), ...code.matchAll(CHANNEL)]
        .map(([name]) => name)
        .filter((name) => !known.has(name) && !FOREIGN.has(name))
        .map((name) => problemAt(page, line, `Expected a name of the sources, got \`${name}\``)),
    ),
  );
}

function wordsOfSources(): Set<string> {
  const texts = filesOf(...SOURCES)
    .filter((path) => !UNSEARCHED.test(path))
    .map(textOf);
  return new Set(
    texts.flatMap((text) => [...(text.match(MIXED_CASE) ?? []), ...(text.match(CHANNEL) ?? [])]),
  );
}
