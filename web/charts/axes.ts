import uPlot from 'uplot';
import type { Colours } from './colours.js';

const FONT = '11px system-ui, sans-serif';

/** The times of a day below the chart, by a clock of 24 hours. */
export function timeAxis({ muted, line }: Colours): uPlot.Axis {
  return {
    font: FONT,
    stroke: muted,
    size: 26,
    space: 60,
    grid: { show: false },
    ticks: { stroke: line, size: 4, width: 1 },
    values: (_, splits) =>
      splits.map((seconds) => {
        const at = new Date(seconds * 1000);
        return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
      }),
  };
}

/** An axis of counts. */
export function countAxis(colours: Colours): uPlot.Axis {
  return {
    ...valueAxis(colours),
    // Whole ones only.
    values: (_, splits) =>
      splits.map((value) => (Number.isInteger(value) ? value.toLocaleString('en-US') : '')),
  };
}

/** Durations, on a scale where each line is ten times the one below. */
export function msAxis(colours: Colours): uPlot.Axis {
  return {
    ...valueAxis(colours),
    splits: (_, __, least, most) => powersOfTen(least, most),
    values: (_, splits) => splits.map((ms) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)),
    filter: (_, splits) => splits,
  };
}

function valueAxis({ muted, line }: Colours): uPlot.Axis {
  return {
    font: FONT,
    stroke: muted,
    size: 52,
    gap: 4,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
}

function powersOfTen(least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9);
  const last = Math.floor(Math.log10(most) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** From 1 ms on; whole powers of ten at both ends. */
export function msRange(_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  const low = 10 ** Math.floor(Math.log10(Math.max(1, least ?? 1)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(10, most ?? 100) * 1.05));
  return [low, Math.max(high, low * 10)];
}

/** From 0 on, and never so low that one alarm fills the chart. */
export function countRange(_: uPlot, __: number | null, most: number | null): uPlot.Range.MinMax {
  return [0, Math.max(4, Math.ceil((most ?? 0) * 1.1))];
}

export const LOG = 3;
export const bars = (size: number): uPlot.Series.PathBuilder | undefined =>
  uPlot.paths.bars?.({ size: [size, 20, 1], align: 1 });
