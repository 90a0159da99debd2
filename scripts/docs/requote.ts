import { isQuote, OMISSION } from './checks/quotes.ts';
import type { Page } from './page.ts';
import { isThere, textOf } from './repository.ts';

/**
 * Brings the quotes of a page up to date: each part of a quote is what stands in its file from the part's
 * first line to its last. A part whose first or last line is gone, or stands there twice, stays for a person.
 */
export function requoted({ text, blocks }: Page): string {
  const lines = text.split('\n');
  // From the end, so that the places of earlier blocks stay.
  for (const { code, line, quotedFrom } of blocks.toReversed()) {
    if (quotedFrom === undefined || !isThere(quotedFrom)) continue;
    const source = textOf(quotedFrom);
    if (isQuote(code, source)) continue;
    const fresh = freshQuote(code, source);
    const indent = ' '.repeat(lines[line - 2]!.search(/\S/));
    const written = fresh.split('\n').map((one) => (one === '' ? '' : indent + one));
    lines.splice(line - 1, code.split('\n').length, ...written);
  }
  return lines.join('\n');
}

/** A quote as its source has it now. */
export function freshQuote(code: string, source: string): string {
  const omission = new RegExp(`(${OMISSION.source})`, 'm');
  return code
    .split(omission)
    .map((part, index) => (index % 2 === 1 ? part : freshPart(part, source)))
    .join('');
}

function freshPart(part: string, source: string): string {
  const quoted = part.split('\n');
  const from = quoted.findIndex((line) => line.trim() !== '');
  const to = quoted.findLastIndex((line) => line.trim() !== '');
  if (from < 0) return part;
  const lines = source.split('\n');
  const first = onlyPlace(lines, quoted[from]!);
  if (first < 0) return part;
  // As far indented from the first as in the quote: `});` may stand in between, too.
  const depth = indentOf(quoted[to]!) - indentOf(quoted[from]!) + indentOf(lines[first]!);
  const isLast = (line: string) => line.trim() === quoted[to]!.trim() && indentOf(line) === depth;
  const last = lines.findIndex((line, index) => index >= first && isLast(line));
  if (last < 0) return part;
  const shift = indentOf(quoted[from]!) - indentOf(lines[first]!);
  const fresh = lines.slice(first, last + 1).map((line) => shifted(line, shift));
  return [...quoted.slice(0, from), ...fresh, ...quoted.slice(to + 1)].join('\n');
}

/** Where a line stands, whatever its indentation; -1 unless that is one place. */
function onlyPlace(lines: readonly string[], wanted: string): number {
  const places = [...lines.keys()].filter((index) => lines[index]!.trim() === wanted.trim());
  return places.length === 1 ? places[0]! : -1;
}

const indentOf = (line: string): number => line.search(/\S|$/);

const shifted = (line: string, by: number): string =>
  line.trim() === '' ? '' : ' '.repeat(Math.max(0, indentOf(line) + by)) + line.trimStart();
