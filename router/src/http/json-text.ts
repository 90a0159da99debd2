/** What JSON text cannot hold as it is, and surrogates, which may stand alone. */
// eslint-disable-next-line no-control-regex -- control characters are what JSON has to escape
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON text, as `JSON.stringify` writes it. */
export function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

export function quoteAll(texts: readonly string[]): string {
  return `[${texts.map(quote).join()}]`;
}

/** A flat object, its own names and values only. */
export function quoteMap(map: Readonly<Record<string, string>>): string {
  let text = '{';
  for (const name in map) {
    text += `${text.length === 1 ? '' : ','}${quote(name)}:${quote(map[name]!)}`;
  }
  return `${text}}`;
}
