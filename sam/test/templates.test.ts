import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPython } from './support/python-program.ts';
import { SAM, templateNames } from './support/templates.ts';

const names = [...templateNames(), '../examples/sam-local/template.yaml'];

test('every template passes cfn-lint', async () => {
  const args = ['--regions', 'us-east-1', 'eu-central-1', '--', ...names];
  const { code, output } = await runPython('cfn-lint==1.*', 'cfn-lint', args, { cwd: SAM });
  expect(output).toBe('');
  expect(code).toBe(0);
});

test.each(names)('%s passes `sam validate --lint`', async (name) => {
  const file = join(SAM, name);
  const args = ['validate', '--lint', '--region', 'us-east-1', '--template', file];
  const { code, output } = await runPython('aws-sam-cli==1.*', 'sam', args);
  expect(output.trim()).toBe(`${file} is a valid SAM Template`);
  expect(code).toBe(0);
});

test('a template with a mistake does not pass', async () => {
  const args = ['--', join(SAM, 'test/support/mistaken.json')];
  const lint = await runPython('cfn-lint==1.*', 'cfn-lint', args);
  expect(lint.code).not.toBe(0);
  expect(lint.output).toContain('E3002');
});
