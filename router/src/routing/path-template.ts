/** One part of a path between slashes, as a template describes it. */
export type Segment =
  | { readonly type: 'static'; readonly text: string }
  | { readonly type: 'parameter'; readonly name: string }
  | { readonly type: 'greedy'; readonly name: string };

/** A path template taken apart; `/` is one empty static segment. */
export interface PathTemplate {
  readonly segments: readonly Segment[];
  /** Equal for two templates that match the same paths, i.e. that differ in parameter names only. */
  readonly shape: string;
}

/** A template, or what was expected of it and, where it can be told, how to write it. */
export type ParsedTemplate =
  | { readonly ok: true; readonly template: PathTemplate }
  | { readonly ok: false; readonly expected: string; readonly suggestion?: string };

const PARAMETER = /^\{(?:(?<name>[\w.:$-]+)(?<plus>\+)?|\*(?<starred>[\w.:$-]+))\}$/;
// What no request line can carry in a path: `?` and `#` end it, the others have to be percent-encoded.
const UNREACHABLE = /[^\u0021-\u007e]|[?#]/;
const MALFORMED_ENCODING = /%(?![\dA-Fa-f]{2})/;

/** Parses `/static/{parameter}/{rest+}`; `{*rest}` is another spelling of `{rest+}`, which may only come last. */
export function parsePathTemplate(path: string): ParsedTemplate {
  if (!path.startsWith('/')) {
    const slashed = `/${path}`;
    return failed(
      'a path that begins with `/`',
      parsePathTemplate(slashed).ok ? slashed : undefined,
    );
  }
  if (UNREACHABLE.test(path)) {
    const encoded = encodeURI(path.toWellFormed()).replaceAll(/%25|%7B|%7D/g, decodeURIComponent);
    return failed(
      'a path of ASCII characters, percent-encoded where needed, without `?` and `#`',
      UNREACHABLE.test(encoded) ? undefined : encoded,
    );
  }
  if (MALFORMED_ENCODING.test(path)) return failed('two hexadecimal digits after each `%`');
  const segments: Segment[] = [];
  const names = new Set<string>();
  const texts = path.slice(1).split('/');
  for (const [index, text] of texts.entries()) {
    const segment = parseSegment(text);
    if (segment === undefined) {
      return failed(
        'each parameter to be a whole segment, such as `{id}`, or `{rest+}` at the end',
      );
    }
    if (segment.type !== 'static') {
      if (names.has(segment.name)) return failed(`the parameter \`${segment.name}\` only once`);
      names.add(segment.name);
    }
    if (segment.type === 'greedy' && index < texts.length - 1) {
      return failed(`the greedy parameter \`${text}\` to be the last segment`);
    }
    segments.push(segment);
  }
  return { ok: true, template: { segments, shape: segments.map(shapeOf).join('/') } };
}

function parseSegment(text: string): Segment | undefined {
  if (!/[{}]/.test(text)) return { type: 'static', text };
  const parts = PARAMETER.exec(text)?.groups;
  const name = parts?.['name'] ?? parts?.['starred'];
  // `__proto__` cannot be a key of the plain object that carries the parameters.
  if (name === undefined || name === '__proto__') return undefined;
  const greedy = parts?.['plus'] !== undefined || parts?.['starred'] !== undefined;
  return { type: greedy ? 'greedy' : 'parameter', name };
}

// Braces cannot occur in static text, so the two markers are unambiguous.
function shapeOf(segment: Segment): string {
  if (segment.type === 'static') return segment.text;
  return segment.type === 'greedy' ? '{+}' : '{}';
}

function failed(expected: string, suggestion?: string): ParsedTemplate {
  return { ok: false, expected, ...(suggestion !== undefined && { suggestion }) };
}
