import { isHeaderName } from 'lpr-protocol';
import type { KeyDimension } from '../routing/operation.ts';
import { nearest } from './nearest.ts';

/** What an element of `key` looks like, for messages. */
export const KEY_DIMENSION_FORM = '`header:<name>` or `query:<name>`';

/** Always part of a batch's key, so naming them changes nothing. */
const IMPLIED: readonly string[] = ['method', 'route', 'lambda', 'target_lambda', 'target-lambda'];

/** Parses an element of `key`: `'implied'` for what is part of every key anyway, `undefined` for what is none. */
export function parseKeyDimension(text: string): KeyDimension | 'implied' | undefined {
  if (IMPLIED.includes(text)) return 'implied';
  const colon = text.indexOf(':');
  const [source, name] = [text.slice(0, colon), text.slice(colon + 1)];
  if (source === 'header' && isHeaderName(name)) return { source, name: name.toLowerCase() };
  if (source === 'query' && name !== '') return { source, name };
  return undefined;
}

/** What was probably meant by an element that does not parse. */
export function suggestKeyDimension(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon === -1) return nearest(text, IMPLIED);
  const source = nearest(text.slice(0, colon), ['header', 'query']);
  const suggestion = `${source}:${text.slice(colon + 1).trim()}`;
  return parseKeyDimension(suggestion) === undefined ? undefined : suggestion;
}

/** Equal for elements that mean the same dimension. */
export function canonicalDimension(text: string): string {
  const dimension = parseKeyDimension(text);
  return typeof dimension === 'object' ? `${dimension.source}:${dimension.name}` : text;
}

/** What `tenantId` looks like, for messages. */
export const TENANT_FORM = '`header:<name>`';

/** Parses `header:<name>` to the name in lower case; `undefined` for anything else. */
export function parseTenant(text: string): string | undefined {
  const dimension = parseKeyDimension(text);
  return typeof dimension === 'object' && dimension.source === 'header'
    ? dimension.name
    : undefined;
}

/** What was probably meant by a `tenantId` that does not parse. */
export function suggestTenant(text: string): string | undefined {
  const name = text.slice(text.indexOf(':') + 1).trim();
  return parseTenant(`header:${name}`) && `header:${name.toLowerCase()}`;
}
