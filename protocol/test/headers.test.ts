import { describe, expect, test } from 'vitest';
import {
  HOP_BY_HOP_HEADERS,
  isHeaderName,
  isHeaderValue,
  normalizeCookies,
  ROUTER_HEADER_PREFIX,
  splitCookieHeader,
} from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

type Rule =
  | { readonly forward: string }
  | { readonly name: string }
  | { readonly value: string }
  | { readonly setCookies: string[] }
  | { readonly cookieHeader: string };

function apply(rule: Rule): boolean | string[] {
  if ('forward' in rule) {
    return !HOP_BY_HOP_HEADERS.has(rule.forward) && !rule.forward.startsWith(ROUTER_HEADER_PREFIX);
  }
  if ('name' in rule) {
    return isHeaderName(rule.name);
  }
  if ('value' in rule) {
    return isHeaderValue(rule.value);
  }
  return 'setCookies' in rule
    ? normalizeCookies(rule.setCookies)
    : splitCookieHeader(rule.cookieHeader);
}

describe('fixtures/headers.json', () => {
  test.each(readFixture<FixtureCase<Rule, boolean | string[]>>('headers.json'))(
    '$name',
    ({ input, expected }) => {
      expect(apply(input)).toEqual(expected);
    },
  );
});

test('every character is judged as Node judges it before it sends a header', async () => {
  const { validateHeaderName, validateHeaderValue } = await import('node:http');
  const accepts = (validate: () => void): boolean => {
    try {
      validate();
      return true;
    } catch {
      return false;
    }
  };
  const different: number[] = [];
  for (let code = 0; code <= 0x1ff; code += 1) {
    const character = String.fromCharCode(code);
    if (
      isHeaderValue(character) !== accepts(() => validateHeaderValue('x', character)) ||
      isHeaderName(character) !== accepts(() => validateHeaderName(character))
    ) {
      different.push(code);
    }
  }
  expect(different).toEqual([]);
});
