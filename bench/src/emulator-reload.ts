import { untilAnswer, withHandler } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

/** From the edits of a file that the handler imports to the first new answer, in ms, one for each edit. */
export async function measureReloads(start: StartEmulator, edits: number): Promise<number[]> {
  return withHandler('word 0', start, async (program, project) => {
    await untilAnswer(program, 'word 0');
    const times: number[] = [];
    for (let edit = 1; edit <= edits; edit += 1) {
      const startedAt = performance.now();
      await project.edit(`word ${edit}`);
      await untilAnswer(program, `word ${edit}`, `word ${edit - 1}`);
      times.push(performance.now() - startedAt);
    }
    return times;
  });
}
