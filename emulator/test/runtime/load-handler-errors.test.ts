import { expect, test } from 'vitest';
import { toErrorPayload } from '../../src/runtime/errors.ts';
import type { FunctionErrorPayload } from '../../src/runtime/errors.ts';
import { parseHandlerSpec } from '../../src/runtime/handler-spec.ts';
import { loadHandler } from '../../src/runtime/load-handler.ts';
import { createProject } from '../support/project.ts';

async function failure(files: Record<string, string>, handler = 'app.handler') {
  const { directory } = await createProject(files);
  const payload = await Promise.resolve()
    .then(() => loadHandler(directory, parseHandlerSpec(handler)))
    .then(
      (): FunctionErrorPayload => ({ errorType: 'none', errorMessage: 'it loaded' }),
      toErrorPayload,
    );
  return { ...payload, directory };
}

test('a missing file is Runtime.ImportModuleError', async () => {
  const { errorType, errorMessage, directory } = await failure({}, 'src/app.handler');
  expect(errorType).toBe('Runtime.ImportModuleError');
  expect(errorMessage).toBe(
    `Error: Cannot find module 'src/app'\nLooked for ${directory}/src/app with .ts, .mts, .cts, .tsx, .js, .mjs, .cjs, .jsx, and for a package of that name.`,
  );
});

test('an import that leads nowhere is Runtime.ImportModuleError and says where it stands', async () => {
  for (const specifier of ['./gone', 'not-installed']) {
    const { errorType, errorMessage, directory } = await failure({
      'app.ts': `// first line\nimport '${specifier}';\nexport const handler = 1;`,
    });
    expect(errorType).toBe('Runtime.ImportModuleError');
    expect(errorMessage).toBe(
      `Error: Cannot find module '${specifier}'\nRequire stack:\n- ${directory}/app.ts:2:8`,
    );
  }
});

test('a package that is required while loading but missing is Runtime.ImportModuleError', async () => {
  const { errorType, errorMessage } = await failure({ 'app.js': "require('not-installed');" });
  expect(errorType).toBe('Runtime.ImportModuleError');
  expect(errorMessage).toContain("Cannot find module 'not-installed'");
});

test('code that cannot be parsed is Runtime.UserCodeSyntaxError with the place in its trace', async () => {
  const { directory, errorType, errorMessage, trace } = await failure({
    'app.ts': 'export const handler = async () => {\n  return (1;\n};',
  });
  expect(errorType).toBe('Runtime.UserCodeSyntaxError');
  expect(errorMessage).toBe('SyntaxError: Expected ")" but found ";"');
  expect(trace?.slice(0, 3)).toEqual([`${directory}/app.ts:2:12`, '  return (1;', '           ^']);
});

test('an export that does not exist is Runtime.HandlerNotFound', async () => {
  const files = {
    'app.ts': 'export const other = async () => 1; export const handler = { a: "text" };',
  };
  expect(await failure(files, 'app.main')).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'app.main is undefined or not exported',
  });
  expect(await failure(files, 'app.handler.a')).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'app.handler.a is not a function',
  });
});

test('a callback handler is refused as the Node.js 24 runtime refuses it', async () => {
  const { errorType, errorMessage } = await failure({
    'app.js': 'exports.handler = (event, context, callback) => callback(null, 1);',
  });
  expect(errorType).toBe('Runtime.CallbackHandlerDeprecated');
  expect(errorMessage).toMatch(/^ERROR: AWS Lambda has removed support for callback-based/);
});

test('a streaming tag other than `response` is Runtime.MalformedStreamingHandler', async () => {
  const tag = "Symbol.for('aws.lambda.runtime.handler.streaming')";
  const files = {
    'app.ts': `export const handler = Object.assign(async () => 1, { [${tag}]: 'request' });`,
  };
  expect(await failure(files)).toMatchObject({ errorType: 'Runtime.MalformedStreamingHandler' });
});

test('what a module throws while it is evaluated stays what it is', async () => {
  const { errorType, errorMessage, trace, directory } = await failure({
    'app.ts':
      'class NoTable extends Error { override name = "NoTable"; }\nthrow new NoTable("TABLE is unset");',
  });
  expect([errorType, errorMessage]).toEqual(['NoTable', 'TABLE is unset']);
  expect(trace?.some((line) => line.includes(`${directory}/app.ts:2:`))).toBe(true);
});

test.for(['app', 'src/app', '../app.handler', '.handler', 'app.', 'src.d/'])(
  'the name `%s` is Runtime.MalformedHandlerName',
  async (name) => {
    expect(await failure({}, name)).toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
  },
);
