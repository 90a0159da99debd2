import { textMap } from './text-map.ts';
import type { TextMap } from './text-map.ts';

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
export function parseQuery(rawQueryString: string): TextMap | undefined {
  if (rawQueryString === '') return undefined;
  const parameters = textMap();
  const any = /[%+]/.test(rawQueryString)
    ? decodeInto(parameters, rawQueryString)
    : cutInto(parameters, rawQueryString);
  return any ? parameters : undefined;
}

function decodeInto(parameters: TextMap, rawQueryString: string): boolean {
  let any = false;
  // With a `?` of its own, as the constructor would take one of the query for it.
  for (const [name, value] of new URLSearchParams(`?${rawQueryString}`)) {
    add(parameters, name, value);
    any = true;
  }
  return any;
}

/** `URLSearchParams` costs several times as much, and most queries have nothing to decode. */
function cutInto(parameters: TextMap, rawQueryString: string): boolean {
  let any = false;
  let end = 0;
  for (let at = 0; at < rawQueryString.length; at = end + 1) {
    end = rawQueryString.indexOf('&', at);
    if (end < 0) end = rawQueryString.length;
    if (end === at) continue;
    const equals = rawQueryString.indexOf('=', at);
    if (equals < 0 || equals > end) add(parameters, rawQueryString.slice(at, end), '');
    else add(parameters, rawQueryString.slice(at, equals), rawQueryString.slice(equals + 1, end));
    any = true;
  }
  return any;
}

function add(parameters: TextMap, name: string, value: string): void {
  const before = parameters[name];
  parameters[name] = before === undefined ? value : `${before},${value}`;
}
