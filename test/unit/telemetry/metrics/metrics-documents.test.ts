import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  METRIC_DEFINITIONS,
  type MetricDefinition,
} from '../../../../src/telemetry/metrics/metric-definitions.js';
import { parseExposition } from '../../../support/telemetry/exposition.js';
import { createMetrics, feedEverything } from '../../../support/telemetry/sample-metrics.js';

const readText = (file: string): string =>
  readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');

/** What is written in a query, a rule or a panel about one metric. */
interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Labels that Prometheus itself adds. */
const OF_THE_SCRAPE = ['instance', 'job'];

const exported = await readExported();
const definitions = Object.entries<MetricDefinition>(METRIC_DEFINITIONS);

async function readExported(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = createMetrics();
  feedEverything(metrics);
  const labels = new Map<string, Set<string>>();
  for (const { name, labels: own } of parseExposition(await metrics.render())) {
    const known = labels.get(name) ?? new Set();
    for (const label of Object.keys(own)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

describe('prometheus/alerts.yml', () => {
  const rules = readText('prometheus/alerts.yml').split('- alert: ').slice(1);
  const names = rules.map((rule) => /^(\w+)$/m.exec(rule)?.[1]);

  it('has the rules that the documentation promises, each with a severity, a summary and a description', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'MonitorServiceAbsent',
        'MonitorServiceStreamDown',
        'MonitorServiceBreakerOpen',
        'MonitorServiceCyclesFail',
        'MonitorServiceAlarmStands',
        'MonitorServiceHostSilent',
        'MonitorServiceManyStreamsDown',
      ]),
    );
    for (const rule of rules) {
      expect(rule).toMatch(/^ {8}expr: \S/m);
      expect(rule).toMatch(/^ {10}severity: (warning|critical)$/m);
      expect(rule).toMatch(/^ {10}summary: \S/m);
      expect(rule).toMatch(/^ {10}description: \S/m);
    }
  });

  it.each(rules.map((rule, index) => [names[index], rule] as const))('%s uses what there is', (_, rule) => {
    const expression = /^ {8}expr: (.*)$/m.exec(rule)?.[1] ?? '';
    const used = usesIn(expression);
    expect(used.length).toBeGreaterThan(0);
    expectExported(used);
    const shown = [...rule.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    for (const { metric } of used) expectLabels(metric, shown);
  });
});

describe('grafana/dashboard.json', () => {
  const dashboard: unknown = JSON.parse(readText('grafana/dashboard.json'));
  const panels = objectsWith(dashboard, 'gridPos').filter(({ type }) => type !== 'row');
  const targets = objectsWith(dashboard, 'expr');

  it('can be imported: an id for each panel, a data source that is asked for, no panel over another', () => {
    const ids = objectsWith(dashboard, 'gridPos').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(dashboard).toMatchObject({ uid: 'monitor-service', schemaVersion: expect.any(Number) });
    for (const { datasource } of objectsWith(dashboard, 'datasource')) {
      expect(datasource).toEqual({ type: 'prometheus', uid: `\${datasource}` });
    }
    const cells = panels.flatMap(({ gridPos }) => cellsOf(gridPos));
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.length).toBeGreaterThan(15);
    expect(targets.length).toBeGreaterThanOrEqual(panels.length);
  });

  it.each(targets.map((target) => [String(target.expr), target] as const))('%s', (expression, target) => {
    const used = usesIn(expression);
    expect(used.length).toBeGreaterThan(0);
    expectExported(used);
    const legend = String(target.legendFormat ?? target.textFormat ?? '');
    const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    for (const { metric } of used) expectLabels(metric, shown);
  });
});

describe('docs/metrics.md', () => {
  const rows = [...readText('docs/metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)];

  it('lists exactly the metrics of the table, with their types and labels', () => {
    const listed = rows.map(([, name, type, labels = '']) => [
      name,
      type,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    ]);
    const defined = definitions.map(([name, { type, labels }]) => [name, type, labels]);
    expect(listed.sort()).toEqual(defined.sort());
  });
});

describe('the table of metrics', () => {
  it.each(definitions)('%s is exported with its labels', (name, { type, labels }) => {
    const series = type === 'histogram' ? `${name}_bucket` : name;
    const own = [...(exported.get(series) ?? [])].filter((label) => label !== 'le');
    expect(exported.has(series)).toBe(true);
    expect(own.sort()).toEqual(labels.toSorted());
  });

  it('has every metric of the service that is exported', () => {
    const names = [...exported.keys()].filter((name) => name.startsWith('monitor_service_'));
    const bases = names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect(new Set(bases)).toEqual(new Set(definitions.map(([name]) => name)));
  });

  it('names a counter, and nothing else, ..._total', () => {
    for (const [name, { type }] of definitions) expect(name.endsWith('_total')).toBe(type === 'counter');
  });
});

/** Every metric in an expression with the labels that are asked of it; those after `by` are asked of all. */
function usesIn(expression: string): readonly Use[] {
  const grouped = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return [...expression.matchAll(/\b([a-z]\w*_\w+)(?:\{([^}]*)\})?/g)]
    .filter(([, name = '']) => !FUNCTIONS.has(name) && !grouped.includes(name))
    .map(([, metric = '', selector = '']) => ({
      metric,
      labels: [...grouped, ...[...selector.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label)],
    }));
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'histogram_quantile',
  'last_over_time',
  'sort_desc',
  '__rate_interval',
  '__range',
]);

function expectExported(uses: readonly Use[]): void {
  for (const { metric, labels } of uses) expectLabels(metric, labels);
}

function expectLabels(metric: string, labels: readonly string[]): void {
  const own = exported.get(metric);
  expect(own, `${metric} is exported`).toBeDefined();
  const unknown = labels.filter((label) => !own?.has(label) && !OF_THE_SCRAPE.includes(label));
  expect(unknown, `labels of ${metric}`).toEqual([]);
}

function objectsWith(value: unknown, key: string): Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap((part) => objectsWith(part, key));
  return key in value ? [{ ...value }, ...inside] : inside;
}

function cellsOf(position: unknown): string[] {
  const { x, y, w, h } = position as Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
}
