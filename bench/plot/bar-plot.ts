import { formatNumber } from '../support/describe-figure.js';
import { AREA, yAxis } from './frame.js';
import { type Axis, scaleFor } from './scale.js';
import { COLOURS, element, line, picture, text } from './svg.js';

interface BarGroup {
  readonly label: string;
  /** As many in each group, of the same names in the same order. */
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

interface BarPlot {
  readonly title: string;
  readonly y: Axis;
  readonly groups: readonly BarGroup[];
  /** A level that should not be passed. */
  readonly aim?: { readonly name: string; readonly y: number };
}

/** Groups of bars side by side, as SVG. @throws Error where there is nothing to draw. */
export function drawBars({ title, y, groups, aim }: BarPlot): string {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  if (values.length === 0) throw new Error(`${title}: nothing to draw`);
  const up = scaleFor(y, aim ? [...values, aim.y] : values, AREA.bottom, AREA.top);
  const groupWidth = (AREA.right - AREA.left) / groups.length;
  const most = Math.max(...groups.map(({ bars }) => bars.length));
  const barWidth = Math.min(64, (groupWidth * 0.8) / most);
  const drawn = groups.flatMap(({ label, bars }, place) => {
    const middle = AREA.left + groupWidth * (place + 0.5);
    const first = middle - (bars.length * barWidth) / 2;
    return [
      ...bars.flatMap(({ value }, index) => {
        const x = first + index * barWidth;
        const height = AREA.bottom - up.at(value);
        const box = { x: x + 2, y: up.at(value), width: barWidth - 4, height, class: `f${index % COLOURS}` };
        const number = text(x + barWidth / 2, up.at(value) - 5, formatNumber(value), {
          'text-anchor': 'middle',
        });
        return [element('rect', box), number];
      }),
      text(middle, AREA.bottom + 20, label, { 'text-anchor': 'middle' }),
    ];
  });
  const names = groups[0]?.bars.map(({ name }) => name) ?? [];
  return picture(title, [
    ...yAxis(y, up),
    ...(aim
      ? [
          line(AREA.left, up.at(aim.y), AREA.right, up.at(aim.y), 'aim'),
          text(AREA.right, up.at(aim.y) - 6, aim.name, { 'text-anchor': 'end' }),
        ]
      : []),
    ...drawn,
    line(AREA.left, AREA.bottom, AREA.right, AREA.bottom, 'axis'),
    ...names.flatMap((name, index) => {
      const x = AREA.left + 12 + index * 190;
      return [
        element('rect', { x, y: 38, width: 12, height: 12, class: `f${index % COLOURS}` }),
        text(x + 18, 49, name),
      ];
    }),
  ]);
}
