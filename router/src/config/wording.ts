const LONGEST_SHOWN = 80;

/** What there is where a value is missing. */
export const NOTHING = 'nothing';

/** The keys to a value as one text, e.g. `Spec.paths./hello.get.x-lpr.key[1]`; `manifest` for the whole. */
export function wordPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += (text === '' ? '' : '.') + printable(String(key));
  }
  return text === '' ? 'manifest' : text;
}

/** A value as the second half of a message, e.g. `` `-1` (number)``, `a mapping`, `nothing`. */
export function wordValue(value: unknown): string {
  if (value === undefined) return NOTHING;
  if (value === null) return '`null`';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return `\`${printable(`${value as string | number | boolean | bigint}`)}\` (${typeof value})`;
}

/** Names as alternatives: `` `a`, `b` or `c` ``. */
export function wordChoice(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${printable(name)}\``);
  const last = quoted.pop() ?? NOTHING;
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** Keeps a message on one line and free of terminal control, whatever the manifest holds. */
export function printable(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return short.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character
      ? `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`
      : escaped;
  });
}
