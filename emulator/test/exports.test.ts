import * as emulator from 'lpr-emulator';
import { expect, test } from 'vitest';

test('exports these names and no others', () => {
  expect(Object.keys(emulator).toSorted()).toEqual(['channels', 'startEmulator']);
});
