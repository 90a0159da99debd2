/** A piece of JSON and what it is, for colours. */
export interface Token {
  readonly kind: 'key' | 'text' | 'number' | 'word' | 'rest';
  readonly text: string;
}

const TOKENS =
  /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** Past it colours cost more than they tell. */
const MAX_COLOURED = 100_000;

const PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON on several lines; text that is no JSON, as it is. Numbers and strings stay as they were written:
 * a parser would round what is larger than it can hold.
 */
export function pretty(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  let out = '';
  let before = '';
  for (const [part] of text.matchAll(PARTS)) {
    const closes = part === '}' || part === ']';
    if (closes) depth -= 1;
    const opened = before === '{' || before === '[';
    if ((closes && !opened) || (!closes && opened) || before === ',') {
      out += `\n${'  '.repeat(depth)}`;
    }
    out += part === ':' ? ': ' : part;
    if (part === '{' || part === '[') depth += 1;
    before = part;
  }
  return out;
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
