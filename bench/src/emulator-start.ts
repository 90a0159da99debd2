import { createHandlerProject, untilAnswer } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

/** From the start of a fresh process to the first answer of a handler, in ms. */
export async function measureStart(start: StartEmulator): Promise<number> {
  await using project = await createHandlerProject('one');
  const startedAt = performance.now();
  await using program = await start(project.folder);
  await untilAnswer(program, 'one');
  return performance.now() - startedAt;
}
