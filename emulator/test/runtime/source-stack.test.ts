import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sourceStack } from '../../src/runtime/source-stack.ts';

const OWN = fileURLToPath(new URL('../../src/functions/run-handler.ts', import.meta.url));

test('frames of the emulator are left out, and so is what called it', () => {
  const stack = [
    'TypeError: x',
    '    at write (node:internal/streams:1:2)',
    '    at save (/project/save.ts:3:4)',
    `    at startHandler (file://${OWN}:5:6)`,
    '    at run (node:internal/async_local_storage:7:8)',
  ];
  expect(sourceStack(stack.join('\n'))).toBe(stack.slice(0, 3).join('\n'));
});

test('an error that the emulator throws into a handler begins where the handler called it', () => {
  const stack = [
    'Runtime.InvalidStreamingOperation: too late',
    `    at setContentType (${OWN}:1:2)`,
    '    at handler (/project/app.ts:3:4)',
    `    at startHandler (${OWN}:5:6)`,
  ];
  expect(sourceStack(stack.join('\n'))).toBe([stack[0], stack[2]].join('\n'));
});

test('frames of Node alone say nothing', () => {
  const stack = [
    "Error: Cannot find module './x'",
    `    at toRuntimeError (${OWN}:1:2)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
  ];
  expect(sourceStack(stack.join('\n'))).toBe(stack[0]);
});

test('lines that are no frames stay', () => {
  const stack = `/project/app.ts:1:1\nconst = 1\n      ^\n\nSyntaxError: unexpected ${OWN}`;
  expect(sourceStack(stack)).toBe(stack);
});
