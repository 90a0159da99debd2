import { describe, expect, test } from 'vitest';
import type { ConfigProblem } from 'lpr-router';
import { ProblemsError } from '../src/problems-error.ts';
import { wordReason } from '../src/reason.ts';

const bytes = (text: string) => Buffer.byteLength(JSON.stringify(text));

const problems = (count: number): ConfigProblem[] =>
  Array.from({ length: count }, (_, index) => ({
    file: 'Manifest',
    position: undefined,
    key: `Spec.paths./ü${index}`,
    expected: 'a "path"',
    got: 'nothing',
  }));

describe('a reason', () => {
  test.each([60, 100, 101, 102, 103, 200, 1000])('fits into %d bytes of JSON', (room) => {
    const long = new Error('"ü😀\n'.repeat(500));
    expect(bytes(wordReason(long, room, 'stream'))).toBeLessThanOrEqual(room);
  });

  test('that is short enough is whole', () => {
    const error = new Error('S3 is tired');
    expect(wordReason(error, bytes('S3 is tired'), 'stream')).toBe('S3 is tired');
    expect(wordReason('no error at all', 100, 'stream')).toBe('no error at all');
  });

  test('shows as many problems as fit, and counts the rest', () => {
    const error = new ProblemsError('manifest', problems(5));
    const all = wordReason(error, 10_000, 'stream');
    expect(all.split('\n')).toHaveLength(6);
    for (let room = 200; room < bytes(all); room += 1) {
      const reason = wordReason(error, room, 'stream');
      const [title, ...lines] = reason.split('\n');
      const shown = lines.length - 1;
      expect(title).toBe('Expected a valid manifest, got 5 problems:');
      expect(lines.at(-1)).toBe(`… and ${5 - shown} more, in the log stream stream`);
      expect(bytes(reason)).toBeLessThanOrEqual(room);
    }
    expect(wordReason(error, bytes(all), 'stream')).toBe(all);
  });
});
