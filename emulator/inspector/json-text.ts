/** A piece of JSON and what it is, for colours. */
export interface Token {
  readonly kind: 'key' | 'text' | 'number' | 'word' | 'rest';
  readonly text: string;
}

const TOKENS =
  /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** Past it colours cost more than they tell. */
const MAX_COLOURED = 100_000;

/** JSON on several lines; text that is no JSON, as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Cuts JSON into its pieces, which together are the text. */
export function tokensOf(text: string): Token[] {
  if (text.length > MAX_COLOURED) return [{ kind: 'rest', text }];
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, quoted, colon] = match;
    if (match.index > from) tokens.push({ kind: 'rest', text: text.slice(from, match.index) });
    if (quoted === undefined) {
      tokens.push({ kind: /^[-\d]/.test(whole) ? 'number' : 'word', text: whole });
    } else {
      tokens.push({ kind: colon === undefined ? 'text' : 'key', text: quoted });
      if (colon !== undefined) tokens.push({ kind: 'rest', text: colon });
    }
    from = match.index + whole.length;
  }
  if (from < text.length) tokens.push({ kind: 'rest', text: text.slice(from) });
  return tokens;
}
