import { formatNumber } from '../support/describe-figure.js';
import type { Axis, Scale } from './scale.js';
import { element, HEIGHT, line, text, WIDTH } from './svg.js';

/** Where a plot's points go. */
export const AREA = { left: 78, right: WIDTH - 36, top: 64, bottom: HEIGHT - 48 };

/** The lines of a scale and its numbers, below or beside the area. */
export function xAxis({ label }: Axis, { at, ticks }: Scale, left = AREA.left): string[] {
  const { right, top, bottom } = AREA;
  return [
    ...ticks.map((tick) => line(at(tick), top, at(tick), bottom, 'grid')),
    ...ticks.map((tick) => text(at(tick), bottom + 18, formatNumber(tick), { 'text-anchor': 'middle' })),
    line(left, bottom, right, bottom, 'axis'),
    text((left + right) / 2, bottom + 38, label, { 'text-anchor': 'middle' }),
  ];
}

export function yAxis({ label }: Axis, { at, ticks }: Scale): string[] {
  const { left, right, top, bottom } = AREA;
  const middle = (top + bottom) / 2;
  return [
    ...ticks.map((tick) => line(left, at(tick), right, at(tick), 'grid')),
    ...ticks.map((tick) => text(left - 8, at(tick) + 4, formatNumber(tick), { 'text-anchor': 'end' })),
    line(left, top, left, bottom, 'axis'),
    text(16, middle, label, { 'text-anchor': 'middle', transform: `rotate(-90 16 ${middle})` }),
  ];
}

interface LegendEntry {
  readonly name: string;
  readonly colour: number;
  readonly isDashed?: boolean;
}

/** Names in a row above the area. */
export function legend(entries: readonly LegendEntry[]): string[] {
  const widths = entries.map(({ name }) => 34 + name.length * 7);
  const free = AREA.right - AREA.left - widths.reduce((sum, width) => sum + width, 0);
  let x = AREA.left + Math.max(0, free / 2);
  return entries.flatMap(({ name, colour, isDashed }, index) => {
    const from = x;
    x += widths[index] ?? 0;
    const kind = `line s${colour}${isDashed ? ' dashed' : ''}`;
    return [line(from, 46, from + 20, 46, kind), text(from + 26, 50, name)];
  });
}

export function polyline(points: readonly (readonly [number, number])[], kind: string): string {
  const places = points.map(([x, y]) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`);
  return element('polyline', { points: places.join(' '), class: kind });
}
