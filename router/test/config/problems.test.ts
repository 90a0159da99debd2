import { describe, expect, test } from 'vitest';
import { ARN, MINIMAL, problemsOf, withLpr } from './manifests.ts';

describe('problems of a manifest', () => {
  test('five mistakes are five lines, in the order of the text', () => {
    const text = `ListenAddr: localhost:3000
MaxBodyByte: 10
Spec:
  paths:
    /hello/{id}:
      get:
        x-target-lambda: hello
        x-lpr:
          maxWaitMs: -1
          maxBatchSize: 4
          invokeMode: response-stream
`;
    expect(problemsOf(text)).toEqual([
      'router.yaml:1:13: ListenAddr: expected `IP:port` or `[IPv6]:port`, got `localhost:3000` (string); did you mean `127.0.0.1:3000`?',
      'router.yaml:2:1: MaxBodyByte: expected a known key, got `MaxBodyByte`; did you mean `MaxBodyBytes`?',
      'router.yaml:7:26: Spec.paths./hello/{id}.get.x-target-lambda: expected a function ARN such as `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`, got `hello` (string)',
      'router.yaml:9:22: Spec.paths./hello/{id}.get.x-lpr.maxWaitMs: expected an integer >= 0, got `-1` (number)',
      'router.yaml:11:23: Spec.paths./hello/{id}.get.x-lpr.invokeMode: expected `buffered` or `response_stream`, got `response-stream` (string); did you mean `response_stream`?',
    ]);
  });

  test('a mistake of one kind hides none of another', () => {
    const text = `Listen: 1
ListenAddr: 127.0.0.1:3000
MaxInflightInvocations: many
Spec:
  paths:
    /a/{x}:
      get:
        x-target-lambda: ${ARN}
        x-lpr: { maxWaitMs: 5000, maxBatchSize: 0 }
    /a/{y}:
    b:
MaxInflightInvocations: 3
`;
    expect(problemsOf(text).map((line) => line.split(': expected')[0])).toEqual([
      'router.yaml:1:1: Listen',
      'router.yaml:3:25: MaxInflightInvocations',
      'router.yaml:9:29: Spec.paths./a/{x}.get.x-lpr.maxWaitMs',
      'router.yaml:9:49: Spec.paths./a/{x}.get.x-lpr.maxBatchSize',
      'router.yaml:10:5: Spec.paths./a/{y}',
      'router.yaml:11:5: Spec.paths.b',
      'router.yaml:12:1: MaxInflightInvocations',
    ]);
  });

  test('what is missing is reported at what it is missing in', () => {
    const text = `Spec:
  paths:
    /hello:
      post:
        summary: no function
      get:
        x-target-lambda: ${ARN}
        x-lpr:
          maxWaitMs: 1
`;
    expect(problemsOf(text)).toEqual([
      'router.yaml:1:1: ListenAddr: expected `IP:port` or `[IPv6]:port`, got nothing',
      expect.stringMatching(
        /^router.yaml:4:7: Spec.paths.\/hello.post.x-target-lambda: .*got nothing$/,
      ),
      'router.yaml:4:7: Spec.paths./hello.post.x-lpr: expected a mapping, got nothing',
      'router.yaml:8:9: Spec.paths./hello.get.x-lpr.maxBatchSize: expected an integer >= 1, got nothing',
    ]);
  });

  test('a misspelt required key is one problem, not two', () => {
    expect(problemsOf(MINIMAL.replace('ListenAddr', 'ListenAdr'))).toEqual([
      'router.yaml:1:1: ListenAdr: expected a known key, got `ListenAdr`; did you mean `ListenAddr`?',
    ]);
  });

  test('an unknown key that is like none is told all there are', () => {
    expect(problemsOf(withLpr('{ maxWaitMs: 1, maxBatchSize: 1, colour: red }'))).toEqual([
      'router.yaml:7:49: Spec.paths./hello.get.x-lpr.colour: expected one of `maxWaitMs`, `maxBatchSize`, `timeoutMs`, `invokeMode`, `key`, `dynamicWait`, `payloadFormat`, `maxInFlight`, `retryUnsent` or `tenantId`, got `colour`',
    ]);
  });

  test.each([
    ['', 'expected a mapping, got `null`'],
    ['- 1', 'expected a mapping, got a list'],
    ['hello', 'expected a mapping, got `hello` (string)'],
  ])('a manifest that is no mapping at all is said to be none: %j', (text, message) => {
    expect(problemsOf(text)).toEqual([`router.yaml:1:1: manifest: ${message}`]);
  });

  test('text from the manifest cannot break a line or reach the terminal', () => {
    const [line, ...rest] = problemsOf(`${MINIMAL}"a\\n\\e[31m\\u202e${'x'.repeat(300)}": 1\n`);
    expect(rest).toEqual([]);
    expect(line).toContain('a\\n\\u001b[31m\\u202exxx');
    expect(line).toContain('x…');
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('keys inside Spec', () => {
  const within = (text: string, after: string, added: string) =>
    problemsOf(text.replace(after, `${after}${added}`));

  test("OpenAPI's own fields and other vendors' keys are ignored", () => {
    const text = `ListenAddr: 127.0.0.1:3000
Spec:
  openapi: 3.1.0
  info: { title: Hello, version: 1 }
  components: { schemas: { a: { type: object } } }
  x-google-backend: {}
  paths:
    x-vendor: { anything: true }
    /hello:
      summary: Hello
      parameters: []
      x-internal: true
      get:
        tags: [a]
        responses: { 200: { description: fine } }
        x-amazon-apigateway-integration: { type: aws_proxy }
        x-api: 1
        x-target-lambda: ${ARN}
        x-lpr: { maxWaitMs: 10, maxBatchSize: 4 }
`;
    expect(problemsOf(text)).toEqual([]);
  });

  test.each(['x-lrp', 'x-lp', 'X-LPR', 'x_lpr', 'lpr'])('%s is not taken for a stranger', (key) => {
    expect(problemsOf(MINIMAL.replace('x-lpr', key))).toEqual([
      `router.yaml:7:9: Spec.paths./hello.get.${key}: expected a known key, got \`${key}\`; did you mean \`x-lpr\`?`,
    ]);
  });

  test.each(['x-target-lamda', 'x-lambda-target', 'target-lambda'])('nor is %s', (key) => {
    const problems = problemsOf(MINIMAL.replace('x-target-lambda', key));
    expect(problems.join('\n')).toContain('x-target-lambda');
    expect(problems).not.toEqual([]);
  });

  test('our keys in a place where they mean nothing are refused', () => {
    const misplaced = MINIMAL.replace('  paths:', '  x-lpr: {}\n  paths:');
    expect(problemsOf(misplaced)).toEqual([
      'router.yaml:3:3: Spec.x-lpr: expected `paths`, got `x-lpr`',
    ]);
    expect(within(MINIMAL, '    /hello:\n', '      x-target-lambda: a\n')).toEqual([
      expect.stringContaining('Spec.paths./hello.x-target-lambda: expected one of `get`, `put`'),
    ]);
  });

  test.each([
    ['GET', 'get'],
    ['gett', 'get'],
    ['x-amazon-apigateway-any-metod', 'x-amazon-apigateway-any-method'],
  ])('the method %s is asked to be %s', (key, meant) => {
    expect(within(MINIMAL, '    /hello:\n', `      ${key}: {}\n`)).toEqual([
      `router.yaml:5:7: Spec.paths./hello.${key}: expected a known key, got \`${key}\`; did you mean \`${meant}\`?`,
    ]);
  });

  test('a misspelt field of OpenAPI is a mistake like any other', () => {
    expect(within(MINIMAL, '      get:\n', '        sumary: x\n')).toEqual([
      expect.stringContaining('did you mean `summary`?'),
    ]);
  });
});
