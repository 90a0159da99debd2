import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { configurationDocs } from '../../../scripts/docs/configuration.ts';
import { manifestJsonSchema } from '../../../scripts/docs/json-schema.ts';
import { checkConfig } from '../../src/config/load.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import { EVERYTHING, MINIMAL, withLpr } from './manifests.ts';

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
const validate = new Ajv({ allErrors: true }).compile(manifestJsonSchema());

/** Where the JSON Schema finds fault, and what it says. */
function faults(text: string): string[] {
  validate(parseManifest(text, 'router.yaml').value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test.each(await configurationDocs())(
  '$path is up to date; if not, run `node scripts/docs/configuration.ts`',
  async ({ path, text }) => {
    expect(await read(path)).toBe(text);
  },
);

describe('the JSON Schema for editors', () => {
  test('accepts the example', async () => {
    expect(faults(await read('examples/hello/lpr.yaml'))).toEqual([]);
  });

  test.each([
    ['the least manifest', MINIMAL],
    ['every setting, numbers as text', EVERYTHING],
    ['networks', `TrustedProxies: [10.0.0.0/8]\n${MINIMAL}`],
    ['empty paths', 'ListenAddr: 127.0.0.1:0\nSpec: { paths: }\n'],
    ['an empty path', 'ListenAddr: 127.0.0.1:0\nSpec: { paths: { /a: } }\n'],
    ["OpenAPI's fields", MINIMAL.replace('Spec:', 'Spec:\n  openapi: 3.1.0')],
    ["vendors' keys", MINIMAL.replace('      get:', '      x-v: 1\n      get:\n        x-v: 1')],
  ])('accepts what the router accepts: %s', (_, text) => {
    expect(checkConfig(parseManifest(text, 'router.yaml')).problems).toEqual([]);
    expect(faults(text)).toEqual([]);
  });

  test.each([
    [
      'no address',
      MINIMAL.replace('ListenAddr', 'Emulator'),
      "must have required property 'ListenAddr'",
    ],
    ['an unknown setting', `MaxBodyByte: 1\n${MINIMAL}`, 'must NOT have additional properties'],
    ['a number below its bound', `MaxBodyBytes: 0\n${MINIMAL}`, '/MaxBodyBytes must be >= 1'],
    ['a text that is no number', `MaxBodyBytes: x\n${MINIMAL}`, '/MaxBodyBytes must match pattern'],
    ['an unknown field of x-lpr', withLpr('{ maxWait: 1 }'), 'must NOT have additional properties'],
    ['a missing one', withLpr('{ maxWaitMs: 1 }'), "must have required property 'maxBatchSize'"],
    [
      'an unknown mode',
      withLpr('{ maxWaitMs: 1, maxBatchSize: 1, invokeMode: stream }'),
      'must be equal to one of the allowed values',
    ],
    ['a path without a slash', MINIMAL.replace('/hello', 'hello'), 'must NOT have additional'],
    ['an unknown method', MINIMAL.replace('get:', 'gett:'), 'must NOT have additional properties'],
  ])('refuses what the router refuses: %s', (_, text, fault) => {
    expect(checkConfig(parseManifest(text, 'router.yaml')).problems).not.toEqual([]);
    expect(faults(text).join('\n')).toContain(fault);
  });
});
