import { untilAnswer, withHandler } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

/** From the start of a fresh process to the first answer of a handler, in ms. */
export async function measureStart(start: StartEmulator): Promise<number> {
  let startedAt = 0;
  const startInTime: StartEmulator = (folder) => {
    startedAt = performance.now();
    return start(folder);
  };
  return withHandler('one', startInTime, async (program) => {
    await untilAnswer(program, 'one');
    return performance.now() - startedAt;
  });
}
