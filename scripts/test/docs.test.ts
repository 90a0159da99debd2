import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AdapterErrorCode } from 'lpr-lambda-adapter';
import { createRouter, ERROR_KINDS } from 'lpr-router';
import { logRequests } from '../../router/src/telemetry/access-log.ts';
import { channels } from '../../router/src/telemetry/channels.ts';
import { SETTLED } from '../../router/test/telemetry/messages.ts';
import { filesOf, isThere, textOf } from '../docs/repository.ts';
import { parsePage } from '../docs/page.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The first two cells of each row under a heading that begins with a code span. */
function rows(markdown: string, heading: string): string[][] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`\s+\| ([^|]*)\|/gm)].map(([, code, cell]) => [
    code!,
    cell!.trim(),
  ]);
}

describe('docs/errors.md', () => {
  it("has every code of the router's table, with its status", () => {
    // Not sent to anybody: the connection is reset.
    const unsent = new Set(['LPR_CLIENT_TOO_SLOW']);
    const expected = Object.entries(ERROR_KINDS).map(([code, { status }]) => [
      code,
      unsent.has(code) ? '–' : String(status),
    ]);
    const byCode = (a: string[], b: string[]) => a[0]!.localeCompare(b[0]!);
    const documented = rows(page('errors.md'), 'What a caller sees');
    expect(documented.toSorted(byCode)).toEqual(expected.toSorted(byCode));
  });

  it("has every code of the adapter's", () => {
    const documented = rows(page('errors.md'), "What a function's author sees").map(
      ([code]) => code,
    );
    expect(documented.toSorted()).toEqual(Object.values(AdapterErrorCode).toSorted());
  });
});

describe('docs/operations.md', () => {
  it('has every metric of the router', async () => {
    await using router = await createRouter({ config: { Spec: { paths: {} } } });
    const { body } = await router.inject('/metrics');
    const own = [...body.matchAll(/^# TYPE (lpr_\w+)/gm)].map(([, name]) => name);
    const cells = page('operations.md').matchAll(/^\| (`lpr_.*?)\|/gm);
    const documented = [...cells].flatMap(([, cell]) => cell!.match(/lpr_\w+/g));
    expect(documented.toSorted()).toEqual(own.toSorted());
  });

  it('has every field of a line for a request', () => {
    const lines: string[] = [];
    const logger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
    onTestFinished(logRequests(logger, SETTLED.routerId));
    const failure = 'LPR_FUNCTION_ERROR';
    channels.requestSettled.publish({ ...SETTLED, failure, cancelled: 'in_flight' });
    const {
      level: _level,
      msg: _msg,
      ...fields
    } = JSON.parse(lines.join('')) as object & {
      level: unknown;
      msg: unknown;
    };
    const sections = page('operations.md').split(/^#+ /m);
    const section = sections.find((text) => text.startsWith('A line for each request'))!;
    const cells = section.matchAll(/^\| (`.*?)\|/gm);
    const documented = [...cells].flatMap(([, cell]) => cell!.match(/\w+/g));
    expect(documented.toSorted()).toEqual(Object.keys(fields).toSorted());
  });
});

describe('docs/configuration.md', () => {
  it('has every environment variable of the router', () => {
    const words = filesOf('router/src/*.ts').flatMap(
      (path) => textOf(path).match(/LPR_\w+/g) ?? [],
    );
    const codes = new Set([...Object.keys(ERROR_KINDS), 'LPR_CONFIG_INVALID']);
    const variables = new Set(words.filter((word) => !codes.has(word)));
    const documented = page('configuration.md').matchAll(/^\| `(LPR_\w+)`/gm);
    expect([...documented].map(([, name]) => name).toSorted()).toEqual([...variables].toSorted());
  });
});

describe.each(filesOf('examples/*/README.md'))('%s', (path) => {
  it('has a handful of commands, the one that runs its test among them', () => {
    const [, name] = path.split('/');
    const commands = parsePage(path, textOf(path))
      .blocks.filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.split('\n'));
    expect(commands).toContain(`npx vitest run examples/${name}`);
    expect(commands.length).toBeGreaterThanOrEqual(3);
    expect(commands.length).toBeLessThanOrEqual(6);
    expect(isThere(`examples/${name}/test`)).toBe(true);
  });
});
