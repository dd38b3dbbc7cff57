import type { Sample } from '../scene/sample.js';

type Held = Exclude<keyof Sample, 'second'>;

export const HELD: readonly Held[] = ['memory', 'descriptors', 'connections', 'threads'];

interface Trend {
  readonly what: Held;
  /** Median of the second and of the last quarter. The first one is warming up. */
  readonly early: number;
  readonly late: number;
  readonly isFlat: boolean;
}

/** What a garbage collector, a pool or a moment of many commands may move, without anything being kept for good. */
const TOLERANCE: Readonly<Record<Held, (early: number) => number>> = {
  memory: (early) => Math.max(8, early * 0.1),
  descriptors: () => 3,
  connections: () => 1,
  threads: () => 2,
};

/** Whether the service holds no more at the end than when it had warmed up. */
export function judgeSamples(samples: readonly Sample[]): readonly Trend[] {
  const quarter = Math.floor(samples.length / 4);
  return HELD.map((what) => {
    const early = median(samples.slice(quarter, 2 * quarter).map((sample) => sample[what]));
    const late = median(samples.slice(-quarter).map((sample) => sample[what]));
    return { what, early, late, isFlat: quarter > 0 && late - early <= TOLERANCE[what](early) };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
