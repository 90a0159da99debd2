import { createHandlerProject, startEmulatorProgram, untilAnswer } from './emulator-program.ts';

/** From the start of a fresh process to the first answer of a handler in TypeScript, in ms. */
export async function measureStart(): Promise<number> {
  await using project = await createHandlerProject('one');
  const startedAt = performance.now();
  await using program = await startEmulatorProgram(project.folder);
  await untilAnswer(program.url, 'one');
  return performance.now() - startedAt;
}
