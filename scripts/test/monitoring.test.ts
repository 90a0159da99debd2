import { parser } from '@prometheus-io/lezer-promql';
import { channels, createRouter, parseFunctionArn, parseManifest } from 'lpr-router';
import type { Router } from 'lpr-router';
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../docs/repository.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

const dashboard = JSON.parse(textOf('docs/monitoring/grafana-dashboard.json')) as Dashboard;
const ALERTS = 'docs/monitoring/alerts.yaml';
const { groups } = parseManifest(textOf(ALERTS), ALERTS).value as Rules;

/** Every query, with what is shown of its labels. */
const queries = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expr, shown: legendFormat })),
  ),
  ...groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr, annotations: { summary } }) => ({
      title: alert,
      expr,
      shown: summary.replaceAll(/\$value[^}]*|\$labels\./g, ''),
    })),
  ),
];

/** What Prometheus itself adds. */
const ADDED = ['instance', 'job'];
/** Labels by the name of their time series. */
const series = new Map<string, Set<string>>();

/** Tells a router everything that it counts. */
function tellAll({ id: routerId }: Router): void {
  const { arn } = parseFunctionArn('arn:aws:lambda:us-east-1:123456789012:function:f')!;
  const batch = { batchId: 'b-1', route: '/a', functionName: 'f', size: 2, waitMs: 1 } as const;
  const error = new Error('for the log');
  channels.requestSettled.publish({
    routerId,
    requestId: 'r-1',
    clientRequestId: undefined,
    method: 'GET',
    route: '/a',
    sourceIp: '192.0.2.1',
    status: 502,
    batchId: 'b-1',
    batchSize: 2,
    reason: 'full',
    waitMs: 1,
    upstreamMs: 1,
    totalMs: 2,
    bytesIn: 0,
    bytesOut: 0,
    failure: 'LPR_THROTTLED',
    cancelled: undefined,
  });
  channels.batchSettled.publish({
    ...batch,
    routerId,
    reason: 'full',
    durationMs: 1,
    failure: 'LPR_THROTTLED',
    error,
  });
  channels.recordDropped.publish({
    routerId,
    batchId: 'b-1',
    route: '/a',
    kind: 'unknown_id',
    requestId: 'r-1',
  });
  channels.invocationRetried.publish({
    routerId,
    batchId: 'b-1',
    functionArn: arn,
    attempt: 1,
    delayMs: 1,
    code: 'LPR_THROTTLED',
    error,
  });
}

beforeAll(async () => {
  await using router = await createRouter({ config: { Spec: { paths: {} } } });
  tellAll(router);
  const { body } = await router.inject('/metrics');
  for (const [, name, labels = ''] of body.matchAll(/^(\w+)(?:\{([^}]*)\})? /gm)) {
    const known = series.get(name!) ?? new Set(ADDED);
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    series.set(name!, known);
  }
});

/** Variables of Grafana stand in texts only, but for the range. */
const withRange = (expr: string) => expr.replaceAll('$__rate_interval', '5m');

/** The text of every node of these kinds, in their order. */
function nodes(expr: string, ...kinds: readonly string[]): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter({ name, from, to }) {
      if (kinds.includes(name)) found.push(expr.slice(from, to));
    },
  });
  return found;
}

describe.each(queries)('$title: $expr', ({ expr: written, shown }) => {
  const expr = withRange(written);

  it('is PromQL', () => {
    expect(nodes(expr, '⚠')).toEqual([]);
  });

  it('asks for time series and labels that a router serves, and shows labels that are left', () => {
    const names = nodes(expr, 'VectorSelector').map((text) => /^\w+/.exec(text)![0]);
    expect(names).not.toEqual([]);
    expect([...series.keys()]).toEqual(expect.arrayContaining(names));
    const labels = new Set(names.flatMap((name) => [...series.get(name)!]));
    const asked = nodes(expr, 'LabelName').filter((label) => label !== '');
    expect([...labels]).toEqual(expect.arrayContaining(asked));
    const places = [...shown.matchAll(/\{\{ ?(\w+) ?\}\}/g)].map(([, label]) => label);
    expect([...labels]).toEqual(expect.arrayContaining(places));
  });
});

describe('the dashboard', () => {
  it('fills its variables from time series that a router serves', () => {
    const asked = dashboard.templating.list.flatMap(({ query }) => {
      const [, name, label] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
      return name === undefined ? [] : [{ name, label }];
    });
    expect(asked).toHaveLength(2);
    for (const { name, label } of asked) expect([...series.get(name)!]).toContain(label);
  });

  it('shows every metric of the router', () => {
    const own = [...series.keys()].filter((name) => name.startsWith('lpr_'));
    const families = own.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
    const text = queries.map(({ expr }) => expr).join('\n');
    expect([...new Set(families)].filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  it('names the labels of every metric', () => {
    const rows = textOf('docs/operations.md').matchAll(/^\| (`lpr_[^|]*)\|([^|]*)\|/gm);
    const documented = [...rows].flatMap(([, names = '', labels = '']) =>
      (names.match(/lpr_\w+/g) ?? []).map((name) => [name, labels.match(/\w+/g) ?? []] as const),
    );
    const served = documented.map(([name]) => {
      const labels = series.get(name) ?? series.get(`${name}_count`) ?? new Set();
      return [name, [...labels].filter((label) => !ADDED.includes(label))];
    });
    expect(documented.length).toBeGreaterThan(15);
    expect(documented).toEqual(served);
  });
});
