/** A request target, cut but not decoded. */
export interface RequestTarget {
  readonly rawPath: string;
  /** Without `?`; empty when there is none. */
  readonly rawQueryString: string;
  /** From an absolute-form target, which outranks `Host` (RFC 9112 §3.2.2). */
  readonly authority: string | undefined;
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)/i;

/** The target as a client that talks to no proxy sends it: path and query. Anything else stays as it is. */
export function originForm(target: string): string {
  const absolute = target.startsWith('/') ? undefined : ABSOLUTE_FORM.exec(target);
  if (!absolute) return target;
  const rest = target.slice(absolute[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Cuts the request line's target; undefined when it is neither a path nor an absolute URL. */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  const authority = target.startsWith('/') ? undefined : ABSOLUTE_FORM.exec(target)?.[1];
  let rest = originForm(target);
  if (!rest.startsWith('/')) return undefined;
  const fragment = rest.indexOf('#');
  if (fragment >= 0) rest = rest.slice(0, fragment);
  const question = rest.indexOf('?');
  return question < 0
    ? { rawPath: rest, rawQueryString: '', authority }
    : { rawPath: rest.slice(0, question), rawQueryString: rest.slice(question + 1), authority };
}

/** Form-decoded parameters, duplicates joined with `,` (wire contract §1); undefined when there are none. */
export function parseQuery(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === '') return undefined;
  const parameters: Record<string, string> = Object.create(null);
  let any = false;
  for (const [name, value] of pairsOf(rawQueryString)) {
    const before = parameters[name];
    parameters[name] = before === undefined ? value : `${before},${value}`;
    any = true;
  }
  return any ? parameters : undefined;
}

/** `URLSearchParams` costs several times as much, and most queries have nothing to decode. */
function pairsOf(rawQueryString: string): Iterable<readonly [string, string]> {
  // With a `?` of its own, as the constructor would take one of the query for it.
  return /[%+]/.test(rawQueryString)
    ? new URLSearchParams(`?${rawQueryString}`)
    : split(rawQueryString);
}

function split(rawQueryString: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of rawQueryString.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    pairs.push(equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]);
  }
  return pairs;
}
