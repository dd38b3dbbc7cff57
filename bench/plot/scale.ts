export interface Axis {
  readonly label: string;
  readonly kind: 'linear' | 'log';
  /** Default: what the points need. */
  readonly min?: number;
  readonly max?: number;
}

/** From values to places, in pixels. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** @throws Error where a log axis has no value above 0. */
export function scaleFor(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  return axis.kind === 'log' ? logScale(axis, values, from, to) : linearScale(axis, values, from, to);
}

function linearScale(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  const min = axis.min ?? Math.min(0, ...values);
  const highest = axis.max ?? Math.max(...values);
  const step = niceStep((highest - min) / 5);
  const max = axis.max ?? Math.max(min + step, Math.ceil(highest / step - 1e-9) * step);
  const count = Math.floor((max - min) / step + 1e-9);
  return {
    at: (value) => from + ((value - min) / (max - min)) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((min + index * step).toPrecision(12))),
  };
}

/** Whole decades. */
function logScale(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) throw new Error(`${axis.label}: nothing above 0`);
  const low = Math.floor(Math.log10(axis.min ?? Math.min(...positive)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(axis.max ?? Math.max(...positive)) - 1e-9));
  const at = (value: number): number => {
    const share = (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
    return from + Math.min(share, 1) * (to - from);
  };
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)) };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  if (rough <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough - 1e-12) ?? 10;
  return factor * power;
}
