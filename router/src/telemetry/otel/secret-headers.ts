import { isHeaderName, isHeaderValue } from 'lpr-protocol';
import { environmentError } from '../environment.ts';

const VARIABLE = 'LPR_OTEL_HEADERS_JSON';
const EXPECTED = 'a JSON object of header names and text values';

/**
 * Headers of exports from `LPR_OTEL_HEADERS_JSON`, which a secret store can hold whole. They win over
 * those of `OTEL_EXPORTER_OTLP_HEADERS`.
 *
 * @throws ConfigError when it is anything but an object of names and texts; the message repeats no value
 */
export function secretHeaders(text = process.env[VARIABLE]): Record<string, string> {
  if (text === undefined || text.trim() === '') return {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (!isHeaderName(name)) {
      throw environmentError(VARIABLE, EXPECTED, 'a name that is not a header name');
    }
    if (typeof value !== 'string' || !isHeaderValue(value)) {
      throw environmentError(VARIABLE, EXPECTED, `a value of \`${name}\` that cannot be sent`);
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw environmentError(VARIABLE, EXPECTED, 'text that is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const got = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  throw environmentError(VARIABLE, EXPECTED, got);
}
