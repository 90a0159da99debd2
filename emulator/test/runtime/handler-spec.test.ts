import { expect, test } from 'vitest';
import { handlerFromArgument, parseHandlerSpec } from '../../src/runtime/handler-spec.ts';
import { createProject } from '../support/project.ts';

test('the file name ends at its first dot', () => {
  expect(parseHandlerSpec('src/v1.2/app.api.get')).toEqual({
    text: 'src/v1.2/app.api.get',
    modulePath: 'src/v1.2/app',
    exportPath: ['api', 'get'],
  });
  expect(parseHandlerSpec('/abs/app.handler').modulePath).toBe('/abs/app');
});

test('a file on the command line means its export `handler`', async () => {
  const { directory } = await createProject({ 'src/my.app.ts': '' });
  expect(handlerFromArgument('src/my.app.ts', directory)).toEqual({
    baseDirectory: `${directory}/src`,
    spec: { text: 'src/my.app.ts', modulePath: 'my.app.ts', exportPath: ['handler'] },
  });
});

test('anything else on the command line is `file.export`', async () => {
  const { directory } = await createProject({ 'src/app.ts': '' });
  expect(handlerFromArgument('../x/app.main', `${directory}/src`)).toEqual({
    baseDirectory: `${directory}/x`,
    spec: { text: '../x/app.main', modulePath: 'app', exportPath: ['main'] },
  });
});
