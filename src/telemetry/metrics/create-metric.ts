import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type LabelOf, METRIC_DEFINITIONS, type NameOf } from './metric-definitions.js';

/** A counter of the table of metrics, which is shown from now on. */
export function createCounter<N extends NameOf<'counter'>>(registry: Registry, name: N): Counter<LabelOf<N>> {
  const { help, labels } = METRIC_DEFINITIONS[name];
  return new Counter<LabelOf<N>>({ name, help, labelNames: labels, registers: [registry] });
}

/** The same for a histogram. */
export function createHistogram<N extends NameOf<'histogram'>>(
  registry: Registry,
  name: N,
): Histogram<LabelOf<N>> {
  const { help, labels, buckets } = METRIC_DEFINITIONS[name];
  return new Histogram<LabelOf<N>>({
    name,
    help,
    labelNames: labels,
    buckets: [...buckets],
    registers: [registry],
  });
}

/** A gauge that is read at each collection. Undefined leaves it out: no value is better than a wrong one. */
export function addGauge(registry: Registry, name: NameOf<'gauge'>, read: () => number | undefined): void {
  const { help } = METRIC_DEFINITIONS[name];
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const value = read();
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}

/** The same for a gauge with one value for each of several label values. */
export function addLabelledGauge<N extends NameOf<'gauge'>>(
  registry: Registry,
  name: N,
  read: () => Iterable<{ readonly labels: Readonly<Record<LabelOf<N>, string>>; readonly value: number }>,
): void {
  const { help, labels: labelNames } = METRIC_DEFINITIONS[name];
  new Gauge<LabelOf<N>>({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.set({ ...labels }, value);
    },
  });
}
