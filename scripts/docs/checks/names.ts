import { createRouter } from 'lpr-router';
import { problemAt } from '../page.ts';
import type { Page, Problem } from '../page.ts';
import { filesOf, textOf } from '../repository.ts';
import { optionsOf } from './programs.ts';

const VARIABLE = /\bLPR_[A-Z0-9]+(?:_[A-Z0-9]+)*\b(?!…|_)/g;
const METRIC = /\blpr_[a-z0-9]+(?:_[a-z0-9]+)*\b(?!\.py)/g;

/** Environment variables and error codes that pages name stand in the code; metrics are served by a router. */
export async function checkNames(pages: readonly Page[]): Promise<Problem[]> {
  const [variables, metrics] = [await knownVariables(), await servedMetrics()];
  return pages.flatMap((page) =>
    page.text
      .split('\n')
      .flatMap((text, index) => [
        ...unknown(text, VARIABLE, variables).map((name) =>
          problemAt(page, index + 1, `Expected a variable or code of the sources, got \`${name}\``),
        ),
        ...unknown(text, METRIC, metrics).map((name) =>
          problemAt(page, index + 1, `Expected a metric of the router, got \`${name}\``),
        ),
      ]),
  );
}

const unknown = (text: string, form: RegExp, known: ReadonlySet<string>): string[] =>
  [...text.matchAll(form)].map(([name]) => name).filter((name) => !known.has(name));

async function knownVariables(): Promise<Set<string>> {
  const sources = filesOf('*.ts', '*.mjs', '*.sh', '*.yaml', '*.yml', 'adapter/layer/extensions/*');
  const named = sources.flatMap((path) => textOf(path).match(VARIABLE) ?? []);
  const flags = await optionsOf('lpr-emulator');
  const ofFlags = [...flags].map(
    (flag) =>
      `LPR_EMULATOR_${flag
        .replace(/^--(?:no-)?/, '')
        .replaceAll('-', '_')
        .toUpperCase()}`,
  );
  return new Set([...named, ...ofFlags]);
}

/** Names of time series, those of histograms included. */
export async function servedMetrics(): Promise<Set<string>> {
  const router = await createRouter({ config: { Spec: { paths: {} } } });
  const { body } = await router.inject('/metrics');
  await router.close();
  const names = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((end) => name! + end) : [name!],
  );
  return new Set(names);
}
