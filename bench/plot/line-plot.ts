import { AREA, legend, polyline, xAxis, yAxis } from './frame.js';
import { type Axis, scaleFor } from './scale.js';
import { COLOURS, line, picture, text } from './svg.js';

interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Default: its place among the lines. */
  readonly colour?: number;
  readonly isDashed?: boolean;
}

interface LinePlot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly PlotLine[];
  /** A level that should not be passed. */
  readonly aim?: { readonly name: string; readonly y: number };
}

/** Lines over two axes, as SVG. @throws Error where there is nothing to draw. */
export function drawLines({ title, x, y, lines, aim }: LinePlot): string {
  const points = lines.flatMap((one) => one.points);
  if (points.length === 0) throw new Error(`${title}: nothing to draw`);
  const across = scaleFor(
    x,
    points.map(([value]) => value),
    AREA.left,
    AREA.right,
  );
  const levels = points.map(([, value]) => value);
  const up = scaleFor(y, aim ? [...levels, aim.y] : levels, AREA.bottom, AREA.top);
  const entries = lines.map(({ name, colour, isDashed = false }, index) => ({
    ...{ name, isDashed },
    colour: (colour ?? index) % COLOURS,
  }));
  return picture(title, [
    ...xAxis(x, across),
    ...yAxis(y, up),
    ...(aim
      ? [
          line(AREA.left, up.at(aim.y), AREA.right, up.at(aim.y), 'aim'),
          text(AREA.right, up.at(aim.y) - 6, aim.name, { 'text-anchor': 'end' }),
        ]
      : []),
    ...lines.map((one, index) =>
      polyline(
        one.points.map(([px, py]) => [across.at(px), up.at(py)]),
        `line s${entries[index]?.colour ?? 0}${one.isDashed ? ' dashed' : ''}`,
      ),
    ),
    ...legend(entries),
  ]);
}

/** How many of the samples were that fast; the points are those of `distributionOf`. */
export function drawDistributions(plot: Omit<LinePlot, 'y' | 'aim'>): string {
  const y = { label: 'share of the samples', kind: 'linear', min: 0, max: 1 } as const;
  return drawLines({ ...plot, y });
}
