import { Gauge, type Registry } from 'prom-client';

/** A gauge whose value is asked for at each reading. Undefined leaves it out: no value is better than a wrong one. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | undefined,
): void {
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

/** The same for one that has a value for each of several label values. */
export function addGauges<L extends string>(
  registry: Registry,
  { name, help, labelNames }: { name: string; help: string; labelNames: readonly L[] },
  read: () => Iterable<{ readonly labels: Readonly<Record<L, string>>; readonly value: number }>,
): void {
  new Gauge<L>({
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
