/** A request target, cut but not decoded. */
export interface RequestTarget {
  readonly rawPath: string;
  /** Without `?`; empty when there is none. */
  readonly rawQueryString: string;
  /** From an absolute-form target, which outranks `Host` (RFC 9112 §3.2.2). */
  readonly authority: string | undefined;
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)/i;

/** Cuts the request line's target; undefined when it is neither a path nor an absolute URL. */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  let rest = target;
  let authority: string | undefined;
  if (!target.startsWith('/')) {
    const absolute = ABSOLUTE_FORM.exec(target);
    if (!absolute) return undefined;
    authority = absolute[1];
    rest = target.slice(absolute[0].length);
    if (!rest.startsWith('/')) rest = `/${rest}`;
  }
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
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = parameters[name];
    parameters[name] = before === undefined ? value : `${before},${value}`;
    any = true;
  }
  return any ? parameters : undefined;
}
