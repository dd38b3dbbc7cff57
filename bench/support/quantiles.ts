/** What is told of a set of samples, in their own unit. */
interface Quantiles {
  readonly samples: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** @throws Error where there is no sample, or one that is no number. */
export function quantilesOf(samples: readonly number[]): Quantiles {
  const sorted = sortSamples(samples);
  const at = (share: number): number => quantileOfSorted(sorted, share);
  return { samples: sorted.length, min: at(0), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** @throws Error where there is no sample, or one that is no number. */
export function median(samples: readonly number[]): number {
  return quantileOfSorted(sortSamples(samples), 0.5);
}

/**
 * `count` points of the empirical distribution: value, share of the samples that are not above it. From the minimum to
 * the maximum; enough for a curve, and far less than the samples. All of the last hundredth is there, up to its end.
 *
 * @throws Error where there is no sample, or one that is no number.
 */
export function distributionOf(samples: readonly number[], count = 101): [number, number][] {
  const sorted = sortSamples(samples);
  return Array.from({ length: count }, (_, index) => {
    const share = index / (count - 1);
    return [quantileOfSorted(sorted, share), share];
  });
}

/** Linear between the two closest ranks, (n - 1) × share (type 7 of Hyndman and Fan, as R, NumPy and Excel have it). */
function quantileOfSorted(sorted: readonly number[], share: number): number {
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) throw new Error('there are no samples');
  return below + (above - below) * (rank - Math.floor(rank));
}

function sortSamples(samples: readonly number[]): number[] {
  const wrong = samples.find((sample) => !Number.isFinite(sample));
  if (wrong !== undefined) throw new Error(`${wrong} is no sample`);
  return [...samples].sort((a, b) => a - b);
}
